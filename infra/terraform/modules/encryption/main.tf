# Three keys, so that whoever may read logs need not be able to read the data or the secrets.

locals {
  administration = {
    Sid       = "AdministrationByThisAccount"
    Effect    = "Allow"
    Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  # The disk of a Fargate task is encrypted by Fargate itself, for this one cluster.
  task_disks = [
    for sid, action in { TaskDisks = "kms:GenerateDataKeyWithoutPlaintext", TaskDiskGrants = "kms:CreateGrant" } : {
      Sid                          = sid
      Effect                       = "Allow"
      Principal                    = { Service = "fargate.amazonaws.com" }
      Action                       = action
      Resource                     = "*"
      Condition = merge(
        {
          StringEquals = {
            "kms:EncryptionContext:aws:ecs:clusterAccount" = var.account_id
            "kms:EncryptionContext:aws:ecs:clusterName"    = var.name
          }
        },
        action == "kms:CreateGrant" ? { "ForAllValues:StringEquals" = { "kms:GrantOperations" = ["Decrypt"] } } : {},
      )
    }
  ]

  log_groups = {
    Sid       = "LogGroupsOfThisAccount"
    Effect    = "Allow"
    Principal = { Service = "logs.${var.region}.amazonaws.com" }
    Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    Resource  = "*"
    Condition = {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:*" }
    }
  }

  # An alarm whose topic is encrypted says nothing, and says so nowhere, unless it may use the key. Whose alarms may
  # publish is said by the topics, and here not once more, since one that fails is not heard of.
  alarms = {
    Sid       = "Alarms"
    Effect    = "Allow"
    Principal = { Service = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
    Resource  = "*"
  }

  keys = {
    data      = { of = "disks and backups of Redis, Kafka, PostgreSQL and the tasks", statements = concat([local.administration], local.task_disks) }
    secrets   = { of = "what is in Secrets Manager", statements = [local.administration] }
    telemetry = { of = "logs and alarms", statements = [local.administration, local.log_groups, local.alarms] }
  }
}

resource "aws_kms_key" "this" {
  for_each = local.keys

  description             = "${var.name}: ${each.value.of}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_kms_alias" "this" {
  for_each = local.keys

  name          = "alias/${var.name}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
