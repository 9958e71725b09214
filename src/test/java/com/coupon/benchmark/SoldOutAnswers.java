package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import com.coupon.report.Chart;
import java.util.List;

/** What almost everybody hears: that all coupons are gone. */
final class SoldOutAnswers implements Measurement {

    static final String SOLD_OUT = "409 sold-out";

    @Override
    public String name() {
        return "sold-out";
    }

    @Override
    public Findings measure(Stage stage) {
        String path = Stage.claims(stage.soldOut());
        ServiceProcess service = stage.service();
        long comparison = stage.comparison();
        int port = stage.comparisonPort();
        var claims =
                new Contender(
                        "claim, sold out",
                        stage.plan(service.port(), path),
                        SOLD_OUT,
                        service.pid());
        var servlet = new Contender("servlet", stage.plan(port, "/servlet"), SOLD_OUT, comparison);
        var controller =
                new Contender("controller", stage.plan(port, "/controller"), "200", comparison);
        var contest = Contest.of(stage, List.of(claims, servlet, controller));
        double toServlet = contest.ratio(claims, servlet);
        double toController = contest.ratio(claims, controller);
        List<Row> rows =
                List.of(contest.row(claims), contest.row(servlet), contest.row(controller));
        return new Findings(
                name(),
                "Sold-out answers",
                "A campaign whose one coupon is gone, each claim by another member; beside it an empty servlet that answers with as many bytes, and an empty controller that answers with a small record.",
                rows,
                List.of(
                        Goal.atLeast(0.95, "sold-out ÷ servlet", toServlet),
                        Goal.atLeast(1.3, "sold-out ÷ controller", toController)),
                List.of(
                        Row.rates("Answers per second", rows),
                        Chart.bars(
                                "Sold-out answers beside an empty servlet",
                                "ratio",
                                List.of("÷ servlet"),
                                List.of(toServlet),
                                0.95)),
                List.of());
    }
}
