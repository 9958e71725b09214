# Three brokers, one in each zone. Topics are made by the consumer role when it starts (coupon.persistence.*); the
# provider cannot, and a broker that makes them by itself would give them neither the replicas nor the retention.

locals {
  brokers             = 3
  replicas            = 3
  min_insync_replicas = 2
}

resource "aws_msk_configuration" "this" {
  name        = var.name
  description = "${var.name}: no record is acknowledged by one broker alone"

  server_properties = <<-EOT
    auto.create.topics.enable=false
    default.replication.factor=${local.replicas}
    min.insync.replicas=${local.min_insync_replicas}
    offsets.topic.replication.factor=${local.replicas}
    transaction.state.log.replication.factor=${local.replicas}
    transaction.state.log.min.isr=${local.min_insync_replicas}
    unclean.leader.election.enable=false
    num.partitions=${var.partitions}
    log.retention.hours=${var.retention_hours}
    allow.everyone.if.no.acl.found=${!var.acls_required}
  EOT

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}/kafka"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_msk_cluster" "this" {
  cluster_name           = var.name
  kafka_version          = var.kafka_version
  number_of_broker_nodes = local.brokers
  enhanced_monitoring    = "PER_BROKER"

  broker_node_group_info {
    instance_type   = var.instance_type
    client_subnets  = var.subnet_ids
    security_groups = [var.security_group_id]
    az_distribution = "DEFAULT"

    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }

    storage_info {
      ebs_storage_info {
        volume_size = var.volume_gib
      }
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.this.arn
    revision = aws_msk_configuration.this.latest_revision
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = var.key_arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      scram = true
      iam   = false
    }
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.this.name
      }
    }
  }

  lifecycle {
    # grows by itself, see below
    ignore_changes = [broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size]

    precondition {
      condition     = length(var.subnet_ids) == local.brokers
      error_message = "Each broker has a zone of its own."
    }
  }
}

# --- Users --------------------------------------------------------------------------------------------------------

resource "aws_secretsmanager_secret_policy" "brokers" {
  for_each = var.user_secret_arns

  secret_arn = each.value

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "BrokersRead"
      Effect    = "Allow"
      Principal = { Service = "kafka.amazonaws.com" }
      Action    = "secretsmanager:getSecretValue"
      Resource  = each.value
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_msk_scram_secret_association" "this" {
  cluster_arn     = aws_msk_cluster.this.arn
  secret_arn_list = values(var.user_secret_arns)

  depends_on = [aws_secretsmanager_secret_policy.brokers]
}

# --- Disks that grow ----------------------------------------------------------------------------------------------

resource "aws_appautoscaling_target" "storage" {
  service_namespace  = "kafka"
  scalable_dimension = "kafka:broker-storage:VolumeSize"
  resource_id        = aws_msk_cluster.this.arn
  min_capacity       = 1
  max_capacity       = var.max_volume_gib
}

resource "aws_appautoscaling_policy" "storage" {
  name               = "${var.name}-kafka-storage"
  service_namespace  = aws_appautoscaling_target.storage.service_namespace
  scalable_dimension = aws_appautoscaling_target.storage.scalable_dimension
  resource_id        = aws_appautoscaling_target.storage.resource_id
  policy_type        = "TargetTrackingScaling"

  target_tracking_scaling_policy_configuration {
    # disks of brokers do not shrink
    disable_scale_in = true
    target_value     = 60 # per cent

    predefined_metric_specification {
      predefined_metric_type = "KafkaBrokerStorageUtilization"
    }
  }
}
