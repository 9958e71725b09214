mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name               = "coupon-test"
  account_id         = "222222222222"
  kafka_version      = "3.9.x.kraft"
  instance_type      = "kafka.m7g.large"
  volume_gib         = 100
  max_volume_gib     = 1000
  partitions         = 6
  retention_hours    = 168
  acls_required      = false
  subnet_ids         = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id  = "sg-kafka"
  key_arn            = "arn:aws:kms:eu-central-1:222222222222:key/data"
  user_secret_arns   = { api = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:AmazonMSK_api", consumer = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:AmazonMSK_consumer" }
  log_retention_days = 30
  log_key_arn        = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
}

run "three_brokers" {
  module {
    source = "./modules/kafka"
  }

  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 3 && length(aws_msk_cluster.this.broker_node_group_info[0].client_subnets) == 3
    error_message = "There is one broker in each of three zones."
  }

  assert {
    condition = alltrue([
      for line in [
        "auto.create.topics.enable=false", "default.replication.factor=3", "min.insync.replicas=2", "unclean.leader.election.enable=false",
        "offsets.topic.replication.factor=3", "log.retention.hours=168", "allow.everyone.if.no.acl.found=true",
      ] : contains(split("\n", aws_msk_configuration.this.server_properties), line)
    ])
    error_message = "No topic comes about by itself, and none is kept or acknowledged by fewer brokers."
  }

  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].connectivity_info[0].public_access[0].type == "DISABLED"
    error_message = "Brokers are not public."
  }

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].client_broker == "TLS" && aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].in_cluster && aws_msk_cluster.this.encryption_info[0].encryption_at_rest_kms_key_arn == var.key_arn
    error_message = "They are encrypted, on disk and on their way."
  }

  assert {
    condition     = !aws_msk_cluster.this.client_authentication[0].unauthenticated && aws_msk_cluster.this.client_authentication[0].sasl[0].scram
    error_message = "Nobody gets in without a password."
  }

  assert {
    condition     = aws_msk_scram_secret_association.this.secret_arn_list == toset(values(var.user_secret_arns))
    error_message = "Each role has a user of its own."
  }

  assert {
    condition     = output.replicas == 3 && output.min_insync_replicas == 2
    error_message = "Topics are to have three replicas, of which two acknowledge."
  }
}

run "acls_can_be_required" {
  module {
    source = "./modules/kafka"
  }

  variables {
    acls_required = true
  }

  assert {
    condition     = contains(split("\n", aws_msk_configuration.this.server_properties), "allow.everyone.if.no.acl.found=false")
    error_message = "A user may do what an ACL allows."
  }
}

run "what_cannot_be_is_refused" {
  command = plan

  module {
    source = "./modules/kafka"
  }

  variables {
    kafka_version   = "latest"
    instance_type   = "m7g.large"
    volume_gib      = 5
    retention_hours = 1
  }

  expect_failures = [var.kafka_version, var.instance_type, var.volume_gib, var.retention_hours]
}

run "two_zones_are_not_enough" {
  command = plan

  module {
    source = "./modules/kafka"
  }

  variables {
    subnet_ids = ["subnet-a", "subnet-b"]
  }

  expect_failures = [aws_msk_cluster.this]
}

run "a_disk_that_cannot_grow_is_refused" {
  command = plan

  module {
    source = "./modules/kafka"
  }

  variables {
    max_volume_gib = 99
  }

  expect_failures = [var.max_volume_gib]
}
