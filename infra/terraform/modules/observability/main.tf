# What wakes somebody and what can wait until the morning, as docs/runbooks/README.md has it. These alarms see what AWS
# sees; what the service measures of itself is alerted on by infra/prometheus.

locals {
  severities = {
    page   = "wakes somebody: members are, or will soon be, worse off"
    ticket = "waits for the morning"
  }
}

resource "aws_sns_topic" "this" {
  for_each = local.severities

  name              = "${var.name}-${each.key}"
  display_name      = "${var.name} ${each.key}"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.severities

  arn = aws_sns_topic.this[each.key].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsPublish"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.this[each.key].arn
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${var.name}-*" }
      }
    }]
  })
}

resource "aws_sns_topic_subscription" "this" {
  for_each = { for subscription in var.subscriptions : "${subscription.severity} ${subscription.protocol} ${subscription.endpoint}" => subscription }

  topic_arn = aws_sns_topic.this[each.value.severity].arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}

locals {
  api_dimensions   = { ApiName = var.edge.api.name, Stage = var.edge.api.stage }
  group_dimensions = { for role, group in var.service.target_groups : role => { LoadBalancer = var.service.balancer, TargetGroup = group } }
  kafka_dimensions = { "Cluster Name" = var.kafka.cluster_name }
  rds_dimensions   = { DBInstanceIdentifier = var.database.identifier }
  gib              = 1024 * 1024 * 1024
  consumer_groups  = { ledger = { group = var.kafka.consumer_group, topic = var.kafka.topic }, dead-letters = { group = "${var.kafka.consumer_group}-dead-letters", topic = "${var.kafka.topic}-dlt" } }

  # By name; each is a metric beyond a bound for so many minutes (periods of 60 s) in a row.
  edge = {
    edge-5xx = {
      severity = "page", metric = "AWS/ApiGateway 5XXError", dimensions = local.api_dimensions, statistic = "Average"
      above    = var.thresholds.error_ratio, minutes = 3, missing = "notBreaching"
      text     = "More of all requests end in a 5xx at the edge than the objective allows. Look whether the load balancer has them too."
    }
    edge-latency-p99 = {
      severity = "page", metric = "AWS/ApiGateway Latency", dimensions = local.api_dimensions, statistic = "p99"
      above    = var.thresholds.latency_p99_ms, minutes = 5, missing = "notBreaching"
      text     = "One in a hundred waits longer (ms) than is promised, seen from the edge."
    }
    edge-throttled = {
      severity = "ticket", metric = var.edge.throttled_metric, dimensions = {}, statistic = "Sum"
      above    = var.thresholds.throttled_per_minute, minutes = 5, missing = "notBreaching"
      text     = "API Gateway turns many requests away, for minutes: more come than throttles and quota let through."
    }
    waf-blocked = {
      severity = "ticket", metric = "AWS/WAFV2 BlockedRequests", dimensions = { WebACL = var.edge.web_acl_name, Region = var.region, Rule = "ALL" }, statistic = "Sum"
      above    = var.thresholds.blocked_per_minute, minutes = 5, missing = "notBreaching"
      text     = "WAF turns many requests of single addresses away: a flood, or a carrier whose customers share an address."
    }
    link-unhealthy = {
      severity   = "page", metric = "AWS/NetworkELB UnHealthyHostCount", statistic = "Maximum"
      dimensions = { LoadBalancer = var.edge.link_balancer, TargetGroup = var.edge.link_target_group }
      above      = 0, minutes = 3, missing = "notBreaching"
      text       = "The load balancer behind the VPC link does not answer: nobody reaches the service."
    }
    balancer-5xx = {
      severity = "page", metric = "AWS/ApplicationELB HTTPCode_ELB_5XX_Count", dimensions = { LoadBalancer = var.service.balancer }, statistic = "Sum"
      above    = var.thresholds.balancer_errors_per_minute, minutes = 3, missing = "notBreaching"
      text     = "The load balancer itself answers 5xx: no task is ready, or one has closed its connection."
    }
  }

  targets = merge([
    for role, dimensions in local.group_dimensions : {
      "${role}-5xx" = {
        severity = role == "api" ? "page" : "ticket", metric = "AWS/ApplicationELB HTTPCode_Target_5XX_Count", dimensions = dimensions, statistic = "Sum"
        above    = var.thresholds.target_errors_per_minute, minutes = 3, missing = "notBreaching"
        text     = "Tasks of the role ${role} answer 5xx: overloaded, recovering or unavailable. The dashboard A drop tells which."
      }
      "${role}-latency-p99" = {
        severity = role == "api" ? "page" : "ticket", metric = "AWS/ApplicationELB TargetResponseTime", dimensions = dimensions, statistic = "p99"
        above    = role == "api" ? var.thresholds.latency_p99_ms / 1000 : 5, minutes = 5, missing = "notBreaching"
        text     = "One in a hundred requests takes longer (s) in tasks of the role ${role} than it should."
      }
      "${role}-unhealthy" = {
        severity = "ticket", metric = "AWS/ApplicationELB UnHealthyHostCount", dimensions = dimensions, statistic = "Minimum"
        above    = 0, minutes = 10, missing = "notBreaching"
        text     = "A task of the role ${role} has not been ready for ten minutes."
      }
      "${role}-tasks" = {
        severity = "page", metric = "ECS/ContainerInsights RunningTaskCount", dimensions = { ClusterName = var.service.cluster_name, ServiceName = var.service.service_names[role] }, statistic = "Minimum"
        below    = var.service.min_tasks[role], minutes = 5, missing = "breaching"
        text     = "Fewer tasks of the role ${role} run than there always have to be."
      }
      "${role}-memory" = {
        severity = "ticket", metric = "AWS/ECS MemoryUtilization", dimensions = { ClusterName = var.service.cluster_name, ServiceName = var.service.service_names[role] }, statistic = "Maximum"
        above    = 95, minutes = 10, missing = "notBreaching"
        text     = "A task of the role ${role} uses nearly all of its memory (per cent)."
      }
    }
  ]...)

  redis = merge([
    for node, dimensions in var.redis.nodes : {
      "redis-memory ${node}" = {
        severity = "page", metric = "${var.redis.namespace} DatabaseMemoryUsagePercentage", dimensions = dimensions, statistic = "Maximum"
        above    = var.thresholds.redis_memory_percent, minutes = 5, missing = "notBreaching"
        text     = "Redis is nearly full (per cent). Nothing is evicted, so once it is, nothing is issued any more."
      }
      "redis-evictions ${node}" = {
        severity = "page", metric = "${var.redis.namespace} Evictions", dimensions = dimensions, statistic = "Sum"
        above    = 0, minutes = 1, missing = "notBreaching"
        text     = "Redis has evicted keys, which must not be: its maxmemory-policy is not noeviction."
      }
      "redis-cpu ${node}" = {
        severity = "page", metric = "${var.redis.namespace} EngineCPUUtilization", dimensions = dimensions, statistic = "Average"
        above    = var.thresholds.redis_cpu_percent, minutes = 5, missing = "notBreaching"
        text     = "The one thread that decides is busy (per cent): claims of its campaigns will wait."
      }
      "redis-replication ${node}" = {
        severity = "page", metric = "${var.redis.namespace} ReplicationLag", dimensions = dimensions, statistic = "Maximum"
        above    = var.thresholds.redis_lag_seconds, minutes = 3, missing = "notBreaching"
        text     = "A replica is behind (s): winners hear 202 instead of 201, because they are not confirmed in time."
      }
    }
  ]...)

  kafka = merge(
    {
      kafka-offline = {
        severity = "page", metric = "AWS/Kafka OfflinePartitionsCount", dimensions = local.kafka_dimensions, statistic = "Maximum"
        above    = 0, minutes = 1, missing = "notBreaching"
        text     = "A partition has no leader: what was won stays in the outbox."
      }
      kafka-controller = {
        severity = "page", metric = "AWS/Kafka ActiveControllerCount", dimensions = local.kafka_dimensions, statistic = "Maximum"
        below    = 1, minutes = 5, missing = "breaching"
        text     = "Kafka has no controller."
      }
    },
    merge([
      for broker in var.kafka.broker_ids : {
        "kafka-under-replicated ${broker}" = {
          severity = "ticket", metric = "AWS/Kafka UnderReplicatedPartitions", dimensions = merge(local.kafka_dimensions, { "Broker ID" = broker }), statistic = "Maximum"
          above    = 0, minutes = 15, missing = "notBreaching"
          text     = "Broker ${broker} leads partitions that lack a replica; with one more away nothing is acknowledged. A patch by AWS looks the same, for minutes."
        }
        "kafka-under-min-isr ${broker}" = {
          severity = "page", metric = "AWS/Kafka UnderMinIsrPartitionCount", dimensions = merge(local.kafka_dimensions, { "Broker ID" = broker }), statistic = "Maximum"
          above    = 0, minutes = 3, missing = "notBreaching"
          text     = "Partitions of broker ${broker} have fewer replicas than must acknowledge: what was won stays in the outbox."
        }
        "kafka-disk ${broker}" = {
          severity = "page", metric = "AWS/Kafka KafkaDataLogsDiskUsed", dimensions = merge(local.kafka_dimensions, { "Broker ID" = broker }), statistic = "Maximum"
          above    = var.thresholds.kafka_disk_percent, minutes = 5, missing = "notBreaching"
          text     = "The disk of broker ${broker} is nearly full (per cent), although it should have grown."
        }
      }
    ]...),
    {
      for name, of in local.consumer_groups : "kafka-lag ${name}" => {
        severity   = name == "ledger" ? "page" : "ticket", metric = "AWS/Kafka MaxOffsetLag", statistic = "Maximum"
        dimensions = merge(local.kafka_dimensions, { "Consumer Group" = of.group, "Topic" = of.topic })
        above      = var.thresholds.lag_records, minutes = 10, missing = "notBreaching"
        text       = "Records of ${of.topic} wait to be recorded; nothing is lost, but the ledger is behind."
      }
    },
  )

  database = {
    database-cpu = {
      severity = "ticket", metric = "AWS/RDS CPUUtilization", dimensions = local.rds_dimensions, statistic = "Average"
      above    = 80, minutes = 15, missing = "breaching"
      text     = "PostgreSQL is busy (per cent), or tells nothing of itself."
    }
    database-storage = {
      severity = "page", metric = "AWS/RDS FreeStorageSpace", dimensions = local.rds_dimensions, statistic = "Minimum"
      below    = var.thresholds.database_free_gib * local.gib, minutes = 5, missing = "notBreaching"
      text     = "PostgreSQL has little disk left (bytes), although it should have grown."
    }
    database-connections = {
      severity = "ticket", metric = "AWS/RDS DatabaseConnections", dimensions = local.rds_dimensions, statistic = "Maximum"
      above    = var.thresholds.database_connections, minutes = 5, missing = "notBreaching"
      text     = "More connections to PostgreSQL are open than all tasks may have together."
    }
    database-memory = {
      severity = "ticket", metric = "AWS/RDS FreeableMemory", dimensions = local.rds_dimensions, statistic = "Minimum"
      below    = var.thresholds.database_free_memory_mib * 1024 * 1024, minutes = 15, missing = "notBreaching"
      text     = "PostgreSQL has little memory left (bytes)."
    }
  }

  # from the service's own log
  logs = {
    dead-letters = {
      severity = "ticket", metric = "${var.service.log_namespace} DeadLetters", dimensions = {}, statistic = "Sum"
      above    = 0, minutes = 1, missing = "notBreaching"
      text     = "The ledger could not take a record: an operator has to replay or to discard it."
    }
    suspensions = {
      severity = "ticket", metric = "${var.service.log_namespace} Suspensions", dimensions = {}, statistic = "Sum"
      above    = 0, minutes = 1, missing = "notBreaching"
      text     = "A campaign answers nobody until it is rebuilt, which happens by itself; after a failover that is as it should be."
    }
    evicting = {
      severity = "page", metric = "${var.service.log_namespace} Evictions", dimensions = {}, statistic = "Sum"
      above    = 0, minutes = 1, missing = "notBreaching"
      text     = "The service does not work with Redis, because it may evict keys."
    }
    errors-of-apis = {
      severity = "ticket", metric = "${var.service.log_namespace} ErrorsOfApis", dimensions = {}, statistic = "Sum"
      above    = var.thresholds.log_errors_per_minute, minutes = 5, missing = "notBreaching"
      text     = "Tasks of the role api log errors."
    }
    errors-of-consumers = {
      severity = "ticket", metric = "${var.service.log_namespace} ErrorsOfConsumers", dimensions = {}, statistic = "Sum"
      above    = var.thresholds.log_errors_per_minute, minutes = 5, missing = "notBreaching"
      text     = "Tasks of the role consumer log errors."
    }
  }

  alarms = merge(local.edge, local.targets, local.redis, local.kafka, local.database, local.logs)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.name}-${replace(each.key, " ", "-")}"
  alarm_description = "${each.value.severity}: ${each.value.text}"

  namespace          = split(" ", each.value.metric)[0]
  metric_name        = split(" ", each.value.metric)[1]
  dimensions         = each.value.dimensions
  statistic          = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic = startswith(each.value.statistic, "p") ? each.value.statistic : null

  comparison_operator = try(each.value.above, null) != null ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = each.value.minutes
  treat_missing_data  = each.value.missing

  alarm_actions             = [aws_sns_topic.this[each.value.severity].arn]
  ok_actions                = [aws_sns_topic.this[each.value.severity].arn]
  insufficient_data_actions = []
}

# What alarms cannot see: that PostgreSQL has changed over to its standby, or is about to be maintained.
resource "aws_sns_topic" "database" {
  name              = "${var.name}-database"
  display_name      = "${var.name} database"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_policy" "database" {
  arn = aws_sns_topic.database.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DatabasePublishes"
      Effect    = "Allow"
      Principal = { Service = "events.rds.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.database.arn
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "database" {
  for_each = { for subscription in var.subscriptions : "${subscription.protocol} ${subscription.endpoint}" => subscription if subscription.severity == "ticket" }

  topic_arn = aws_sns_topic.database.arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}

resource "aws_db_event_subscription" "this" {
  name             = var.name
  sns_topic        = aws_sns_topic.database.arn
  source_type      = "db-instance"
  source_ids       = [var.database.identifier]
  event_categories = ["availability", "failover", "failure", "low storage", "maintenance", "recovery"]

  depends_on = [aws_sns_topic_policy.database]
}
