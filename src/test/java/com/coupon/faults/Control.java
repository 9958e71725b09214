package com.coupon.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;

/**
 * A protection that is taken away, so that the fault it protects against has to be found doing
 * harm. Where none is found, the suite proves nothing.
 */
enum Control {
    /** A winner is told before replicas have him. */
    GATE(Fault.PUBLISH_LATE) {
        @Override
        Settings settings(Path folder) {
            return Settings.of("coupon.issuance.acknowledge-after", "decision");
        }
    },
    /** Who asks again is taken for somebody new. */
    IDEMPOTENCE(Fault.NONE) {
        @Override
        Settings settings(Path folder) {
            return changed(folder, "claim_coupons", "elseif records[i] then", "elseif false then");
        }
    },
    /** What is issued is kept nowhere but in the memory of the node that did it. */
    OUTBOX(Fault.KILL_NODE_AFTER_THE_SCRIPT) {
        @Override
        Settings settings(Path folder) {
            return changed(
                    folder,
                    "claim_coupons",
                    "return { 'INTACT',",
                    """
                    for _, entry in ipairs(entries) do
                        redis.call('XDEL', outbox_key, entry[2][6])
                    end
                    return { 'INTACT',\
                    """);
        }
    },
    /** The database takes a coupon as often as it comes. */
    UNIQUE(Fault.DELIVER_THREE_TIMES) {
        @Override
        void prepare(Stage stage) throws SQLException {
            stage.database()
                    .execute(
                            """
                            ALTER TABLE coupon_issuances
                                DROP CONSTRAINT coupon_issuances_pkey CASCADE,
                                DROP CONSTRAINT coupon_issuances_campaign_id_member_id_key,
                                DROP CONSTRAINT coupon_issuances_code_key
                            """);
        }
    },
    /** A server that has lost something goes on deciding. */
    HOME(Fault.CUT_OFF_AND_KILL_PRIMARY) {
        @Override
        Settings settings(Path folder) {
            return changed(
                    folder,
                    "claim_coupons",
                    "if not (quantity and",
                    "fields[11], seen_epoch = server_id, 0\nif not (quantity and");
        }
    },
    /** The database takes what is published of a time that is over. */
    EPOCH(Fault.PUBLISH_LATE) {
        @Override
        void prepare(Stage stage) throws SQLException {
            stage.database()
                    .execute("DROP TRIGGER rows_as_their_campaign_allows ON coupon_issuances");
        }
    };

    private final Fault fault;

    Control(Fault fault) {
        this.fault = fault;
    }

    /** What does harm without the protection. */
    Fault fault() {
        return fault;
    }

    /**
     * How the nodes run without it.
     *
     * @param folder for files of theirs
     */
    Settings settings(Path folder) {
        return Settings.PLAIN;
    }

    /** Takes it away where it is not in the nodes. */
    void prepare(Stage stage) throws SQLException {}

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * A copy of a script in which a piece of text is replaced.
     *
     * @throws IllegalStateException if the script does not have it
     */
    private static Settings changed(Path folder, String script, String text, String replacement) {
        try {
            String name = "lua/" + script + ".lua";
            String source = new ClassPathResource(name).getContentAsString(StandardCharsets.UTF_8);
            if (!source.contains(text)) {
                throw new IllegalStateException(name + " does not contain: " + text);
            }
            Path copy = folder.resolve(name);
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, source.replace(text, replacement));
            return new Settings(Map.of(), List.of(folder), Duration.ZERO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
