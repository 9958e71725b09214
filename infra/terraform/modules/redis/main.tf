# Redis as a cluster: ElastiCache, whose replicas are asked for what a winner is told, or MemoryDB, which writes to a log
# in several zones before it answers. Either is TLS only, with a user for each role.

locals {
  elasticache = var.store == "elasticache"

  # What the scripts and the client of the service use. Nothing that lists, empties or administers; INFO tells of the
  # server's replication and of its memory, WAIT of its replicas.
  access = join(" ", [
    "on", "~coupon:*", "resetchannels", "-@all", "+@read", "+@write", "+@connection", "-@dangerous",
    "+evalsha", "+script|load", "+info", "+wait", "+time", "+asking",
    "+cluster|slots", "+cluster|shards", "+cluster|nodes", "+cluster|info",
  ])

  roles = toset(["api", "consumer"])

  # The names that nodes get, for alarms
  nodes = [
    for node in setproduct(range(1, var.shards + 1), range(1, var.replicas_per_shard + 2)) :
    format("%s-%04d-%03d", var.name, node[0], node[1])
  ]
}

# Neither ElastiCache nor MemoryDB takes a password that is not kept: so these two are in the state.
data "aws_secretsmanager_secret_version" "password" {
  for_each = local.roles

  secret_id = var.password_secret_arns[each.key]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(local.elasticache ? ["engine-log", "slow-log"] : [])

  name              = "/${var.name}/redis/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

# --- ElastiCache --------------------------------------------------------------------------------------------------

resource "aws_elasticache_subnet_group" "this" {
  count = local.elasticache ? 1 : 0

  name        = var.name
  description = "${var.name}: inside, one subnet in each zone"
  subnet_ids  = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  count = local.elasticache ? 1 : 0

  name        = "${var.name}-${var.engine}${split(".", var.engine_version)[0]}"
  family      = "${var.engine}${split(".", var.engine_version)[0]}"
  description = "${var.name}: a cluster that evicts nothing"

  parameter {
    name  = "cluster-enabled"
    value = "yes"
  }

  # The service works with no other: a key that is evicted is a winner who is lost.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_user" "role" {
  for_each = local.elasticache ? local.roles : []

  user_id       = "${var.name}-${each.key}"
  user_name     = each.key
  engine        = var.engine
  access_string = local.access

  authentication_mode {
    type      = "password"
    passwords = [data.aws_secretsmanager_secret_version.password[each.key].secret_string]
  }
}

# Redis OSS wants a user of this name in each group; this one may not even connect. Valkey wants none.
resource "aws_elasticache_user" "default" {
  count = local.elasticache && var.engine == "redis" ? 1 : 0

  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = var.engine
  access_string = "off -@all"

  authentication_mode {
    type = "no-password-required"
  }
}

resource "aws_elasticache_user_group" "this" {
  count = local.elasticache ? 1 : 0

  user_group_id = var.name
  engine        = var.engine
  user_ids = concat(
    [for user in aws_elasticache_user.role : user.user_id],
    [for user in aws_elasticache_user.default : user.user_id],
  )
}

resource "aws_elasticache_replication_group" "this" {
  count = local.elasticache ? 1 : 0

  replication_group_id = var.name
  description          = "${var.name}: stock, participants and outbox of each campaign"
  engine               = var.engine
  engine_version       = var.engine_version
  node_type            = var.node_type
  port                 = var.port

  cluster_mode               = "enabled"
  num_node_groups            = var.shards
  replicas_per_node_group    = var.replicas_per_shard
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name    = aws_elasticache_subnet_group.this[0].name
  security_group_ids   = [var.security_group_id]
  parameter_group_name = aws_elasticache_parameter_group.this[0].name

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn
  user_group_ids             = [aws_elasticache_user_group.this[0].user_group_id]

  # Each failover costs a rebuild, so minor versions come when somebody says so.
  auto_minor_version_upgrade = false
  apply_immediately          = false
  maintenance_window         = var.maintenance_window
  snapshot_window            = var.snapshot_window
  snapshot_retention_limit   = var.snapshot_retention_days
  final_snapshot_identifier  = var.final_snapshot ? "${var.name}-final" : null

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      destination      = log_delivery_configuration.value.name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }
}

# --- MemoryDB -----------------------------------------------------------------------------------------------------

resource "aws_memorydb_subnet_group" "this" {
  count = local.elasticache ? 0 : 1

  name        = var.name
  description = "${var.name}: inside, one subnet in each zone"
  subnet_ids  = var.subnet_ids
}

resource "aws_memorydb_parameter_group" "this" {
  count = local.elasticache ? 0 : 1

  name        = "${var.name}-${var.engine}${split(".", var.engine_version)[0]}"
  family      = "memorydb_${var.engine}${split(".", var.engine_version)[0]}"
  description = "${var.name}: evicts nothing"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_memorydb_user" "role" {
  for_each = local.elasticache ? [] : local.roles

  user_name     = "${var.name}-${each.key}"
  access_string = local.access

  authentication_mode {
    type      = "password"
    passwords = [data.aws_secretsmanager_secret_version.password[each.key].secret_string]
  }
}

resource "aws_memorydb_acl" "this" {
  count = local.elasticache ? 0 : 1

  name       = var.name
  user_names = [for user in aws_memorydb_user.role : user.user_name]
}

resource "aws_memorydb_cluster" "this" {
  count = local.elasticache ? 0 : 1

  name           = var.name
  description    = "${var.name}: stock, participants and outbox of each campaign"
  engine         = var.engine
  engine_version = var.engine_version
  node_type      = var.node_type
  port           = var.port

  num_shards             = var.shards
  num_replicas_per_shard = var.replicas_per_shard

  subnet_group_name    = aws_memorydb_subnet_group.this[0].name
  security_group_ids   = [var.security_group_id]
  parameter_group_name = aws_memorydb_parameter_group.this[0].name

  tls_enabled = true
  kms_key_arn = var.key_arn
  acl_name    = aws_memorydb_acl.this[0].name

  auto_minor_version_upgrade = false
  maintenance_window         = var.maintenance_window
  snapshot_window            = var.snapshot_window
  snapshot_retention_limit   = var.snapshot_retention_days
  final_snapshot_name        = var.final_snapshot ? "${var.name}-final" : null
}
