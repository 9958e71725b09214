package com.coupon.simulation;

import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.memory.InMemoryCouponStock.Sight;
import com.coupon.issuance.memory.InMemoryCouponStock.Snapshot;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replicas, which have what it had at some earlier moment. One that was cut off
 * goes on answering whoever still asks it.
 */
final class SimulatedRedis {

    /**
     * How long the time in the ids of the outbox stands still. A server that is promoted gives the
     * ids of entries that it lacks to others, which in a crowd takes a millisecond, and here
     * longer.
     */
    private static final long ENTRY_MILLIS = 20_000;

    enum Role {
        PRIMARY,
        /** It was the primary, its replicas have left it, and it does not know. */
        CUT_OFF,
        REPLICA,
        DOWN
    }

    final class Server {
        final int number;
        final InMemoryCouponStock stock;
        Role role = Role.REPLICA;

        /** Changes whenever its connections end. */
        long incarnation;

        /** What a replica has; null where it has nothing yet and may not be promoted. */
        @Nullable Snapshot copy;

        /** How far a replica has followed whom. */
        long offset;

        long following = -1;

        /** What it had a while ago, under the same id. */
        @Nullable Snapshot backup;

        Watermark backedUp = Watermark.NONE;

        /** The highest serial that somebody told it of during the suspension. */
        long promised;

        private Server(int number) {
            this.number = number;
            this.stock =
                    new InMemoryCouponStock(
                            world,
                            new Random(world.random.nextLong()),
                            scenario.without(),
                            ENTRY_MILLIS);
        }

        boolean answers() {
            return role == Role.PRIMARY || role == Role.CUT_OFF;
        }

        private String nextId() {
            endConnections();
            return "s" + number + "." + incarnation;
        }

        private void endConnections() {
            incarnation = ++incarnations;
            backup = null;
            promised = 0;
        }

        @Override
        public String toString() {
            return "server " + number;
        }
    }

    final List<Server> servers = new ArrayList<>();
    private final World world;
    private final Scenario scenario;
    private final Set<World.Peer> rebuilding = new HashSet<>();
    private long incarnations;
    private int primary;

    /** A server was set back, and nobody has noticed yet. */
    private boolean setBack;

    SimulatedRedis(World world, Scenario scenario) {
        this.world = world;
        this.scenario = scenario;
        for (int number = 0; number <= scenario.replicas(); number++) {
            servers.add(new Server(number));
        }
        Server first = servers.getFirst();
        first.role = Role.PRIMARY;
        first.stock.moveTo(first.nextId());
        first.stock.announce(List.of());
    }

    /** Somebody has begun to rebuild. */
    void rebuilds(World.Peer process) {
        rebuilding.add(process);
        if (rebuilding.size() > 1) {
            world.note(Happening.REBUILDS_AT_ONCE);
        }
    }

    /** Whether the process was in the middle of a rebuild, which it is not any more. */
    boolean endsRebuild(World.Peer process) {
        return rebuilding.remove(process);
    }

    Server primary() {
        return servers.get(primary);
    }

    boolean hasPrimary() {
        return primary().role == Role.PRIMARY;
    }

    int primaryNumber() {
        return primary;
    }

    int awaited() {
        return scenario.awaited();
    }

    /** Of a thousand calls. */
    int lostReplies() {
        return scenario.lostReplies();
    }

    boolean isSetBackUnnoticed(CampaignId campaign) {
        setBack &= hasPrimary() && !primary().stock.isSuspended(campaign);
        return setBack;
    }

    void replicate(Server replica) {
        if (replica.role == Role.REPLICA && hasPrimary()) {
            long writes = primary().stock.writes();
            if (replica.following != primary().incarnation || replica.offset < writes) {
                replica.copy = primary().stock.snapshot();
                replica.offset = writes;
                replica.following = primary().incarnation;
                world.say(() -> replica + " has followed to " + replica.offset);
            }
        }
    }

    void replicateAll() {
        servers.forEach(this::replicate);
    }

    /** Whether as many replicas as are awaited have said that they have it. */
    boolean isAcknowledged(Server server, long offset) {
        return servers.stream()
                        .filter(replica ->
                                replica.role == Role.REPLICA
                                        && replica.following == server.incarnation
                                        && replica.offset >= offset)
                        .count()
                >= awaited();
    }

    /**
     * What WAIT does, on a connection that was opened in the incarnation given.
     *
     * @param offset of the connection's last write; 0 where it has written nothing
     */
    boolean await(
            World.Peer process, Server server, long incarnation, long offset, Duration budget) {
        if (awaited() == 0) {
            return true;
        }
        world.at(process);
        if (server.incarnation != incarnation || !server.answers()) {
            return false;
        }
        if (!isAcknowledged(server, offset)) {
            if (world.isHealed() || world.chance(700)) {
                replicateAll();
            } else {
                world.pass(budget.toNanos());
            }
        }
        world.at(process);
        boolean confirmed =
                server.incarnation == incarnation
                        && server.answers()
                        && isAcknowledged(server, offset);
        if (!confirmed) {
            world.note(Happening.REPLICATION_NOT_CONFIRMED);
        }
        return confirmed;
    }

    void crash() {
        world.note(Happening.PRIMARY_CRASHED);
        world.say(() -> primary() + ", the primary, crashes");
        primary().endConnections();
        primary().role = Role.DOWN;
    }

    void cutOff() {
        world.note(Happening.PRIMARY_CUT_OFF);
        world.say(() -> primary() + ", the primary, is cut off");
        primary().role = Role.CUT_OFF;
    }

    /** Replicas that have ever had anything. */
    List<Server> promotable() {
        return servers.stream()
                .filter(server -> server.role == Role.REPLICA && server.copy != null)
                .toList();
    }

    /** Has another server take the place of one that is gone, or the same one come back. */
    void failOver() {
        List<Server> candidates = promotable();
        if (candidates.isEmpty()) {
            restart();
            return;
        }
        Server old = primary();
        Server promoted = world.oneOf(candidates);
        Snapshot copy = promoted.copy;
        if (copy == null) {
            return;
        }
        boolean hasAll =
                promoted.following == old.incarnation && promoted.offset >= old.stock.writes();
        world.note(hasAll ? Happening.PROMOTED_WITH_ALL : Happening.PROMOTED_WITH_LESS);
        world.say(() -> promoted + " is promoted, with " + (hasAll ? "all" : "less than all"));
        promoted.stock.moveTo(promoted.nextId(), copy);
        promoted.role = Role.PRIMARY;
        promoted.copy = null;
        promoted.following = -1;
        primary = promoted.number;
    }

    /** The primary comes back with what it had. */
    void restart() {
        world.note(Happening.RESTARTED_WITH_ALL);
        world.say(() -> primary() + " restarts with all it had");
        primary().stock.moveTo(primary().nextId());
        primary().role = Role.PRIMARY;
    }

    /** The primary comes back with nothing, and its replicas follow it. */
    void restartEmpty() {
        world.note(Happening.RESTARTED_EMPTY);
        world.say(() -> primary() + " restarts empty");
        primary().stock.moveToEmpty(primary().nextId());
        for (Server server : servers) {
            if (server.role == Role.REPLICA) {
                server.copy = null;
                server.following = -1;
            }
        }
    }

    void lose(CampaignId campaign) {
        world.note(Happening.CAMPAIGN_LOST);
        world.say(() -> primary() + " loses the campaign");
        primary().stock.lose(campaign);
        primary().promised = 0;
    }

    void backUp(CampaignId campaign) {
        Optional<Sight> sight = primary().stock.see(campaign).filter(Sight::intact);
        if (hasPrimary() && sight.isPresent()) {
            primary().backup = primary().stock.snapshot();
            primary().backedUp = sight.get().watermark();
        }
    }

    void setBack() {
        Server server = primary();
        Snapshot backup = server.backup;
        if (backup != null) {
            world.note(Happening.SERVER_SET_BACK);
            world.say(() -> server + " is set back to " + server.backedUp);
            String id = "s" + server.number + "." + server.incarnation;
            server.stock.moveTo(id, backup);
            server.backup = null;
            server.promised = 0;
            setBack = true;
            world.spare(true);
        }
    }

    /** Has servers that are not the primary follow it. */
    void rejoin() {
        for (Server server : servers) {
            if (server.number != primary && server.role != Role.REPLICA) {
                world.say(() -> server + " comes back and follows " + primary());
                server.endConnections();
                server.role = Role.REPLICA;
                server.copy = null;
                server.following = -1;
            }
        }
    }
}
