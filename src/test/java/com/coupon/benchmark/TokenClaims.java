package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sold-out answers to members who are known by signed tokens. */
final class TokenClaims implements Measurement {

    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public Findings measure(Stage stage) throws IOException {
        String path = Stage.claims(stage.soldOut());
        int count = stage.options().tokens();
        Path tokens =
                Files.write(
                        stage.folder().resolve("tokens"),
                        stage.issuer().tokens(count, stage.nextMembers()));
        long comparison = stage.comparison();
        ServiceProcess service = stage.service(stage.issuer().properties());
        var claims =
                new Contender(
                        "claim with a token, sold out",
                        stage.plan(service.port(), path).with(tokens),
                        SoldOutAnswers.SOLD_OUT,
                        service.pid());
        var verified =
                new Contender(
                        "servlet that verifies the token",
                        stage.plan(stage.comparisonPort(), "/verified").with(tokens),
                        SoldOutAnswers.SOLD_OUT,
                        comparison);
        var contest = Contest.of(stage, List.of(claims, verified));
        Row row = contest.row(claims);
        double uses = row.perSecond() * stage.options().seconds() / count;
        List<Row> rows =
                List.of(
                        row.noting(
                                "%.2f of the servlet; each token came %.1f times in a run"
                                        .formatted(contest.ratio(claims, verified), uses)),
                        contest.row(verified));
        return new Findings(
                name(),
                "Sold-out answers to members with tokens",
                "Tokens of RS256 with a key of 2,048 bits; %,d of them take turns. The servlet verifies signature, time, issuer, audience and subject with the same decoder."
                        .formatted(count),
                rows,
                List.of(),
                List.of(Row.rates("Answers per second, with tokens", rows)),
                List.of());
    }
}
