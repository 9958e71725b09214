package com.coupon.simulation;

import com.coupon.history.Answer;
import com.coupon.history.HistoryRecorder;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Members who claim, wait, give up, ask again, and write down what they heard. */
final class Crowd {

    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    private final World world;
    private final CampaignId campaign;
    private final boolean rush;
    private final Truth truth;
    private final SimulatedDatabase database;
    private final HistoryRecorder recorder;
    private final List<Member> members = new ArrayList<>();

    /** A request under way. */
    private record Request(
            Question question,
            ApiNode node,
            HistoryRecorder.Asking asking,
            CompletableFuture<ClaimResult> answer,
            long sent) {}

    private static final class Member {
        private final String name;
        private @Nullable Request request;
        private boolean knows;
        private boolean wasPending;
        private boolean isTold;
        private boolean claimsNext = true;

        Member(String name) {
            this.name = name;
        }
    }

    Crowd(
            World world,
            Scenario scenario,
            CampaignId campaign,
            Truth truth,
            SimulatedDatabase database,
            HistoryRecorder recorder) {
        this.world = world;
        this.campaign = campaign;
        this.rush = scenario.rush();
        this.truth = truth;
        this.database = database;
        this.recorder = recorder;
        for (int number = 0; number < scenario.members(); number++) {
            members.add(new Member("m" + number));
        }
    }

    /** Somebody asks, who may know already. */
    void ask(List<ApiNode> nodes) {
        Member member = world.oneOf(members);
        if (member.request == null && (!member.knows || world.chance(rush ? 800 : 200))) {
            ask(member, nodes);
        }
    }

    private void ask(Member member, List<ApiNode> nodes) {
        List<ApiNode> alive = nodes.stream().filter(node -> node.alive).toList();
        if (alive.isEmpty()) {
            return;
        }
        ApiNode node = world.oneOf(alive);
        Question question = member.claimsNext && world.chance(850) ? Question.CLAIM : Question.FIND;
        if (!member.claimsNext && world.chance(500)) {
            question = Question.CLAIM;
        }
        var asking =
                question == Question.CLAIM
                        ? recorder.claim(member.name)
                        : recorder.find(member.name);
        member.request =
                new Request(
                        question,
                        node,
                        asking,
                        node.ask(campaign, member.name, question),
                        world.nanos());
        Question asked = question;
        world.say(() -> member.name + " asks " + node.name + " to " + asked);
    }

    /** Somebody hears an answer, or gives up. */
    void hear() {
        int first = world.random.nextInt(members.size());
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get((first + i) % members.size());
            Request request = member.request;
            if (request != null && hear(member, request)) {
                return;
            }
        }
    }

    private boolean hear(Member member, Request request) {
        if (!request.node().alive || world.nanos() - request.sent() > PATIENCE || world.fails(5)) {
            world.note(Happening.GAVE_UP);
            world.say(() -> member.name + " gives up");
            member.request = null;
            request.asking().answered(new Answer.Unknown("no answer"));
            return true;
        }
        if (!request.answer().isDone()) {
            return false;
        }
        member.request = null;
        ClaimResult result = request.answer().join();
        Answer answer = answer(member, request, result);
        world.say(() -> member.name + " hears " + result + " of " + request.node().name);
        request.asking().answered(answer);
        member.knows = answer.isFinal() && !(answer instanceof Answer.NoClaim);
        member.claimsNext = !(answer instanceof Answer.Pending);
        if (answer instanceof Answer.NoClaim && member.wasPending) {
            world.note(Happening.PENDING_CAME_TO_NOTHING);
        }
        member.wasPending |= answer instanceof Answer.Pending;
        return true;
    }

    private Answer answer(Member member, Request request, ClaimResult result) {
        if (request.node().link.isOutdated(result) && mayBeOutdated(result)) {
            world.note(Happening.ANSWER_OF_CUT_OFF_PRIMARY_TOLD);
            return new Answer.Unknown("of a server that was cut off");
        }
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> {
                world.note(Happening.TOLD_ISSUED);
                tell(member, coupon);
                yield new Answer.Issued(coupon.serial(), coupon.code().value());
            }
            case ClaimResult.AlreadyIssued(var coupon) -> {
                world.note(Happening.TOLD_AGAIN);
                tell(member, coupon);
                yield new Answer.AlreadyIssued(coupon.serial(), coupon.code().value());
            }
            case ClaimResult.Pending _ -> {
                world.note(Happening.TOLD_PENDING);
                yield new Answer.Pending();
            }
            case ClaimResult.SoldOut _ -> {
                world.note(Happening.TOLD_SOLD_OUT);
                yield new Answer.SoldOut();
            }
            case ClaimResult.Revoked _ -> {
                world.note(Happening.TOLD_REVOKED);
                yield new Answer.Revoked();
            }
            case ClaimResult.NoClaim _ -> new Answer.NoClaim();
            case ClaimResult.Paused _ -> {
                world.note(Happening.TOLD_PAUSED);
                yield new Answer.Refused("paused");
            }
            case ClaimResult.Recovering _ -> {
                world.note(Happening.TOLD_RECOVERING);
                yield new Answer.Unknown("recovering");
            }
            case ClaimResult.Overloaded _ -> {
                world.note(Happening.TOLD_OVERLOADED);
                yield new Answer.Unknown("overloaded");
            }
            case ClaimResult.Unavailable _ -> {
                world.note(Happening.TOLD_UNAVAILABLE);
                yield new Answer.Unknown("unavailable");
            }
            case ClaimResult.UnknownCampaign _,
                    ClaimResult.Archived _,
                    ClaimResult.NotOpenYet _,
                    ClaimResult.Closed _,
                    ClaimResult.NotEligible _ -> {
                world.violated(member.name + " was told " + result + " of an open campaign.");
                yield new Answer.Refused(result.toString());
            }
        };
    }

    /**
     * What a server that was cut off says of those who have not won may be old, and so may be what
     * it says of a coupon that has been revoked since: nobody waits for replicas before such an
     * answer.
     */
    private boolean mayBeOutdated(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued _ -> false;
            case ClaimResult.AlreadyIssued(var coupon) -> database.isBeingRevoked(coupon.serial());
            default -> true;
        };
    }

    private void tell(Member member, IssuedCoupon coupon) {
        truth.told(coupon);
        if (member.wasPending && !member.isTold) {
            world.note(Happening.PENDING_BECAME_ISSUED);
        }
        member.isTold = true;
    }

    /** Everybody who does not know asks; whether all know. */
    boolean askUntilAllKnow(List<ApiNode> nodes) {
        boolean all = true;
        for (Member member : members) {
            if (member.request == null && !member.knows) {
                member.claimsNext = true;
                ask(member, nodes);
                all = false;
            }
        }
        return all;
    }

    /** Everybody asks once more. */
    void askOnceMore(List<ApiNode> nodes) {
        for (Member member : members) {
            member.knows = false;
            if (member.request == null) {
                ask(member, nodes);
            }
        }
    }

    /** Everybody hears what there is to hear; whether nobody waits any more. */
    boolean hearAll() {
        boolean all = true;
        for (Member member : members) {
            Request request = member.request;
            all &= request == null || hear(member, request);
        }
        return all;
    }
}
