mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "coupon-test"
  account_id = "222222222222"
  region     = "eu-central-1"
  partition  = "aws"
  key_arn    = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
  subscriptions = [
    { severity = "page", protocol = "https", endpoint = "https://pager.example.com/sns" },
    { severity = "ticket", protocol = "email", endpoint = "team@example.com" },
  ]
  edge = { api = { name = "coupon-test", stage = "live" }, web_acl_name = "coupon-test", throttled_metric = "Coupon/coupon-test Throttled", link_balancer = "net/link/0", link_target_group = "targetgroup/link/0" }
  service = {
    balancer      = "app/members/0"
    target_groups = { api = "targetgroup/api/0", consumer = "targetgroup/consumer/0" }
    cluster_name  = "coupon-test"
    service_names = { api = "api", consumer = "consumer" }
    min_tasks     = { api = 3, consumer = 2 }
    log_namespace = "Coupon/coupon-test"
  }
  redis    = { namespace = "AWS/ElastiCache", nodes = { coupon-test-0001-001 = { CacheClusterId = "coupon-test-0001-001" }, coupon-test-0001-002 = { CacheClusterId = "coupon-test-0001-002" } } }
  kafka    = { cluster_name = "coupon-test", broker_ids = ["1", "2", "3"], topic = "coupon.issued", consumer_group = "coupon-ledger" }
  database = { identifier = "coupon-test" }
  thresholds = {
    error_ratio                = 0.0144
    latency_p99_ms             = 250
    balancer_errors_per_minute = 10
    target_errors_per_minute   = 100
    throttled_per_minute       = 10000
    blocked_per_minute         = 1000
    redis_memory_percent       = 75
    redis_cpu_percent          = 80
    redis_lag_seconds          = 1
    kafka_disk_percent         = 80
    lag_records                = 10000
    database_free_gib          = 5
    database_free_memory_mib   = 512
    database_connections       = 80
    log_errors_per_minute      = 10
  }
}

run "every_alarm_tells_somebody" {
  module {
    source = "./modules/observability"
  }

  # so that the topics can be told apart
  override_resource {
    target = aws_sns_topic.this["page"]
    values = { arn = "arn:aws:sns:eu-central-1:222222222222:page" }
  }
  override_resource {
    target = aws_sns_topic.this["ticket"]
    values = { arn = "arn:aws:sns:eu-central-1:222222222222:ticket" }
  }

  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:222222222222:${split(":", alarm.alarm_description)[0]}"]) && alarm.ok_actions == alarm.alarm_actions && coalesce(alarm.actions_enabled, true)])
    error_message = "A page goes to those who are woken, a ticket to those who are not, and both hear that it is over."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : startswith(alarm.alarm_name, "coupon-test-") && length(alarm.alarm_description) <= 1024 && (alarm.statistic == null) != (alarm.extended_statistic == null)])
    error_message = "Alarms have a name that their topic believes, and one statistic."
  }

  assert {
    condition     = length(aws_sns_topic_subscription.this) == 2 && length(aws_sns_topic_subscription.database) == 1
    error_message = "Those who subscribed are subscribed."
  }

  assert {
    condition     = alltrue([for topic in concat(values(aws_sns_topic.this), [aws_sns_topic.database]) : topic.kms_master_key_id == var.key_arn])
    error_message = "Topics are encrypted."
  }
}

run "what_is_looked_at" {
  module {
    source = "./modules/observability"
  }

  assert {
    condition = { for name in ["edge-5xx", "edge-latency-p99", "edge-throttled", "waf-blocked", "balancer-5xx", "api-5xx", "api-latency-p99", "api-unhealthy", "api-tasks", "link-unhealthy"] :
      name => "${aws_cloudwatch_metric_alarm.this[name].metric_name} ${aws_cloudwatch_metric_alarm.this[name].comparison_operator} ${aws_cloudwatch_metric_alarm.this[name].threshold}" } == {
      edge-5xx         = "5XXError GreaterThanThreshold 0.0144"
      edge-latency-p99 = "Latency GreaterThanThreshold 250"
      edge-throttled   = "Throttled GreaterThanThreshold 10000"
      waf-blocked      = "BlockedRequests GreaterThanThreshold 1000"
      balancer-5xx     = "HTTPCode_ELB_5XX_Count GreaterThanThreshold 10"
      api-5xx          = "HTTPCode_Target_5XX_Count GreaterThanThreshold 100"
      api-latency-p99  = "TargetResponseTime GreaterThanThreshold 0.25"
      api-unhealthy    = "UnHealthyHostCount GreaterThanThreshold 0"
      api-tasks        = "RunningTaskCount LessThanThreshold 3"
      link-unhealthy   = "UnHealthyHostCount GreaterThanThreshold 0"
    }
    error_message = "The edge and the tasks are looked at."
  }

  assert {
    condition = { for name in ["redis-memory", "redis-evictions", "redis-cpu", "redis-replication"] :
      name => "${aws_cloudwatch_metric_alarm.this["${name} coupon-test-0001-002"].namespace} ${aws_cloudwatch_metric_alarm.this["${name} coupon-test-0001-002"].metric_name} ${aws_cloudwatch_metric_alarm.this["${name} coupon-test-0001-002"].threshold}" } == {
      redis-memory      = "AWS/ElastiCache DatabaseMemoryUsagePercentage 75"
      redis-evictions   = "AWS/ElastiCache Evictions 0"
      redis-cpu         = "AWS/ElastiCache EngineCPUUtilization 80"
      redis-replication = "AWS/ElastiCache ReplicationLag 1"
    }
    error_message = "Each node of Redis is looked at."
  }

  assert {
    condition = alltrue([for broker in ["1", "2", "3"] :
      aws_cloudwatch_metric_alarm.this["kafka-under-replicated ${broker}"].dimensions == tomap({ "Cluster Name" = "coupon-test", "Broker ID" = broker }) &&
      aws_cloudwatch_metric_alarm.this["kafka-disk ${broker}"].threshold == 80 &&
      contains(keys(aws_cloudwatch_metric_alarm.this), "kafka-under-min-isr ${broker}")
    ]) && aws_cloudwatch_metric_alarm.this["kafka-offline"].metric_name == "OfflinePartitionsCount"
    error_message = "Each broker is looked at."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["kafka-lag ledger"].dimensions == tomap({ "Cluster Name" = "coupon-test", "Consumer Group" = "coupon-ledger", "Topic" = "coupon.issued" }) && aws_cloudwatch_metric_alarm.this["kafka-lag dead-letters"].dimensions["Topic"] == "coupon.issued-dlt"
    error_message = "What waits is looked at."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-storage"].threshold == 5 * 1024 * 1024 * 1024 && contains(keys(aws_cloudwatch_metric_alarm.this), "database-cpu") && contains(keys(aws_cloudwatch_metric_alarm.this), "database-connections") && contains(aws_db_event_subscription.this.event_categories, "failover")
    error_message = "PostgreSQL is looked at."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["dead-letters"].namespace == "Coupon/coupon-test"
    error_message = "Dead letters are looked at."
  }
}

run "what_cannot_be_is_refused" {
  command = plan

  module {
    source = "./modules/observability"
  }

  variables {
    subscriptions = [{ severity = "panic", protocol = "email", endpoint = "team@example.com" }]
  }

  expect_failures = [var.subscriptions]
}
