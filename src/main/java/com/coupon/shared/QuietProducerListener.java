package com.coupon.shared;

import org.springframework.kafka.support.ProducerListener;

/**
 * Says nothing of records that Kafka did not take: the default would log their keys and contents,
 * which are members and coupon codes. Whoever sends them says how many there were.
 */
@EveryRole
final class QuietProducerListener implements ProducerListener<Object, Object> {}
