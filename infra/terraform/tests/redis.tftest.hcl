mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                    = "coupon-test"
  store                   = "elasticache"
  engine                  = "redis"
  engine_version          = "7.1"
  node_type               = "cache.r7g.large"
  shards                  = 2
  replicas_per_shard      = 2
  port                    = 6379
  subnet_ids              = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id       = "sg-redis"
  key_arn                 = "arn:aws:kms:eu-central-1:222222222222:key/data"
  password_secret_arns    = { api = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:api", consumer = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:consumer" }
  maintenance_window      = "tue:03:00-tue:04:00"
  snapshot_window         = "01:00-02:00"
  snapshot_retention_days = 7
  final_snapshot          = true
  log_retention_days      = 30
  log_key_arn             = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
}

run "elasticache" {
  module {
    source = "./modules/redis"
  }

  assert {
    condition     = aws_elasticache_replication_group.this[0].cluster_mode == "enabled" && aws_elasticache_replication_group.this[0].multi_az_enabled && aws_elasticache_replication_group.this[0].automatic_failover_enabled && aws_elasticache_replication_group.this[0].num_node_groups == 2
    error_message = "It is a cluster in several zones that fails over by itself."
  }

  assert {
    condition     = aws_elasticache_replication_group.this[0].transit_encryption_enabled && aws_elasticache_replication_group.this[0].transit_encryption_mode == "required" && tobool(aws_elasticache_replication_group.this[0].at_rest_encryption_enabled) && aws_elasticache_replication_group.this[0].kms_key_id == var.key_arn
    error_message = "It is encrypted, on disk and on its way."
  }

  assert {
    condition     = { for parameter in aws_elasticache_parameter_group.this[0].parameter : parameter.name => parameter.value } == { cluster-enabled = "yes", maxmemory-policy = "noeviction" }
    error_message = "It evicts nothing."
  }

  assert {
    condition     = output.replicas_to_await == aws_elasticache_replication_group.this[0].replicas_per_node_group && output.replicas_to_await == 2
    error_message = "All replicas that may be promoted are awaited."
  }

  assert {
    condition     = alltrue([for user in aws_elasticache_user.role : strcontains(user.access_string, "~coupon:*") && strcontains(user.access_string, "-@dangerous") && strcontains(user.access_string, "+info") && strcontains(user.access_string, "+wait") && !strcontains(user.access_string, "+@all") && one(user.authentication_mode).type == "password"])
    error_message = "Each role has a user of its own, with a password, who may do what the service does."
  }

  assert {
    condition     = aws_elasticache_user.default[0].access_string == "off -@all" && length(aws_elasticache_user_group.this[0].user_ids) == 3
    error_message = "The default user may do nothing."
  }

  assert {
    condition     = length(output.metrics.nodes) == 6 && contains(keys(output.metrics.nodes), "coupon-test-0002-003")
    error_message = "Alarms know all nodes."
  }

  assert {
    condition     = length(aws_memorydb_cluster.this) == 0
    error_message = "There is one store."
  }
}

run "valkey_has_no_default_user" {
  module {
    source = "./modules/redis"
  }

  variables {
    engine         = "valkey"
    engine_version = "8.0"
  }

  assert {
    condition     = length(aws_elasticache_user.default) == 0 && aws_elasticache_parameter_group.this[0].family == "valkey8"
    error_message = "Valkey wants no default user."
  }
}

run "memorydb_by_one_variable" {
  module {
    source = "./modules/redis"
  }

  variables {
    store     = "memorydb"
    node_type = "db.r7g.large"
  }

  override_resource {
    target = aws_memorydb_cluster.this
    values = { cluster_endpoint = [{ address = "memorydb.example", port = 6379 }] }
  }

  assert {
    condition     = aws_memorydb_cluster.this[0].tls_enabled && aws_memorydb_cluster.this[0].kms_key_arn == var.key_arn && aws_memorydb_cluster.this[0].num_shards == 2 && aws_memorydb_cluster.this[0].num_replicas_per_shard == 2
    error_message = "It is encrypted, on disk and on its way, and has its shards and replicas."
  }

  assert {
    condition     = aws_memorydb_cluster.this[0].acl_name == aws_memorydb_acl.this[0].name && length(aws_memorydb_acl.this[0].user_names) == 2
    error_message = "Only the two roles get in."
  }

  assert {
    condition     = one(aws_memorydb_parameter_group.this[0].parameter).value == "noeviction"
    error_message = "It evicts nothing."
  }

  assert {
    condition     = output.replicas_to_await == 0 && output.node == "memorydb.example:6379" && output.metrics.namespace == "AWS/MemoryDB"
    error_message = "Its answer comes after its log, so no replica is awaited."
  }

  assert {
    condition     = length(aws_elasticache_replication_group.this) == 0 && length(aws_elasticache_user.role) == 0
    error_message = "There is one store."
  }
}

run "what_cannot_be_is_refused" {
  command = plan

  module {
    source = "./modules/redis"
  }

  variables {
    engine             = "memcached"
    engine_version     = "6.2"
    node_type          = "db.r7g.large"
    shards             = 0
    replicas_per_shard = 0
  }

  expect_failures = [var.engine, var.engine_version, var.node_type, var.shards, var.replicas_per_shard]
}
