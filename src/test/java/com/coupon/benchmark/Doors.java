package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a request may be answered, from a controller to a valve of Tomcat, and how one that waits
 * may wait. All give the same bytes, and none does anything for them.
 */
final class Doors implements Measurement {

    private static final List<Map.Entry<String, String>> DOORS =
            List.of(
                    Map.entry("controller", "/refusing"),
                    Map.entry("functional route", "/functional"),
                    Map.entry("HttpRequestHandler", "/handler"),
                    Map.entry("servlet", "/servlet"),
                    Map.entry("valve", "/valve"),
                    Map.entry("servlet that waits for a batch", "/waiting"),
                    Map.entry("the same, asynchronous", "/waiting-async"));

    @Override
    public String name() {
        return "doors";
    }

    @Override
    public Findings measure(Stage stage) {
        long comparison = stage.comparison();
        int port = stage.comparisonPort();
        List<Contender> contenders =
                DOORS.stream()
                        .map(door ->
                                new Contender(
                                        door.getKey(),
                                        stage.plan(port, door.getValue()),
                                        SoldOutAnswers.SOLD_OUT,
                                        comparison))
                        .toList();
        var contest = Contest.of(stage, contenders);
        List<Row> rows = Stream.of(contenders).flatMap(List::stream).map(contest::row).toList();
        return new Findings(
                name(),
                "Doors",
                "The same answer at each place where Tomcat and Spring MVC would have it given, and of a request that waits until another thread, which answers all that wait at once, has come to it.",
                rows,
                List.of(),
                List.of(Row.rates("Answers per second", rows)),
                List.of());
    }
}
