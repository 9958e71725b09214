package com.coupon.persistence.adapter.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.IntegrationTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database refuses of dead letters, also where it is typed by hand. */
@IntegrationTest
class DeadLetterConstraintsIT {

    private static final String DISCARD =
            "status = 'DISCARDED', decided_at = now(), decided_by = 'ops', discard_reason = 'A test'";

    @Autowired private JdbcClient jdbc;

    private final String topic = "t" + UUID.randomUUID();

    private void insert(long publishedAt) {
        jdbc.sql(
                        """
                        INSERT INTO dead_letters (topic, partition, record_offset, published_at, value, value_bytes,
                                                  headers, reason, campaign_id, member_id, serial, epoch, code,
                                                  issued_at)
                        VALUES (:topic, 0, 7, :publishedAt, 'value', 5, '[]', 'REFUSED', 'c', 'ann', 1, 1,
                                '00112233445566778899', now())
                        """)
                .param("topic", topic)
                .param("publishedAt", publishedAt)
                .update();
    }

    private int change(String change) {
        return jdbc.sql("UPDATE dead_letters SET " + change + " WHERE topic = :topic")
                .param("topic", topic)
                .update();
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            delimiter = '|',
            textBlock =
                    """
                    change                                           | refused by
                    topic = ''                                       | dead_letters_topic_check
                    topic = 'a b'                                    | dead_letters_topic_check
                    partition = -1                                   | dead_letters_partition_check
                    record_offset = -1                               | dead_letters_record_offset_check
                    key = repeat('x', 65537)::bytea                  | dead_letters_key_check
                    value = repeat('x', 10485761)::bytea             | dead_letters_value_
                    value = 'values'                                 | dead_letters_value_is_not_longer
                    value_bytes = NULL                               | dead_letters_value_is_not_longer
                    value_bytes = -1, value = NULL                   | dead_letters_value_bytes_check
                    headers = '{}'                                   | dead_letters_headers_check
                    headers = to_jsonb(ARRAY[repeat('x', 65536)])    | dead_letters_headers_check
                    reason = 'BORED'                                 | dead_letters_reason_check
                    cause = ''                                       | dead_letters_cause_check
                    cause = repeat('x', 1001)                        | dead_letters_cause_check
                    campaign_id = 'C'                                | dead_letters_campaign_id_check
                    member_id = 'an n'                               | dead_letters_member_id_check
                    serial = 0                                       | dead_letters_serial_check
                    epoch = 0                                        | dead_letters_epoch_check
                    code = 'x'                                       | dead_letters_code_check
                    code = NULL                                      | dead_letters_event_is_whole
                    issued_at = NULL                                 | dead_letters_event_is_whole
                    member_id = NULL                                 | dead_letters_event_is_whole
                    status = 'GONE', decided_at = now(), decided_by = 'ops' | dead_letters_status_check
                    status = 'REPLAYED'                              | dead_letters_decision_is_whole
                    decided_at = now(), decided_by = 'ops'           | dead_letters_decision_is_whole
                    discard_reason = 'A test'                        | dead_letters_decision_is_whole
                    discard_reason = repeat('x', 201)                | dead_letters_d\
                    """)
    void aLetterThatCannotBeIsRefused(String change, String refusedBy) {
        insert(1);
        assertThatThrownBy(() -> change(change)).hasMessageContaining(refusedBy);
    }

    @Test
    void theSameLetterIsThereOnce() {
        insert(1);
        assertThatThrownBy(() -> insert(1)).hasMessageContaining("duplicate key");
        // the same place in a topic that was made anew
        assertThatCode(() -> insert(2)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'OPEN', decided_at = NULL, decided_by = NULL, discard_reason = NULL",
                "status = 'REPLAYED', discard_reason = NULL",
                "decided_by = 'somebody else'"
            })
    void aDecisionIsNotChanged(String change) {
        insert(1);
        assertThat(change(DISCARD)).isEqualTo(1);
        assertThatThrownBy(() -> change(change)).hasMessageContaining("is decided");
    }

    @Test
    void noneIsDeleted() {
        insert(1);
        for (String statement :
                new String[] {"DELETE FROM dead_letters", "TRUNCATE dead_letters"}) {
            assertThatThrownBy(() -> jdbc.sql(statement).update())
                    .hasMessageContaining("dead letters are not deleted");
        }
    }
}
