# The service in AWS. What differs between environments is in environments/<environment>.tfvars, and nowhere else.

locals {
  name      = "${var.name}-${var.environment}"
  partition = startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : "aws"

  topic          = "coupon.issued"
  consumer_group = "coupon-ledger"
}

module "encryption" {
  source = "./modules/encryption"

  name       = local.name
  account_id = var.account_id
  region     = var.region
  partition  = local.partition
}

module "network" {
  source = "./modules/network"

  name       = local.name
  account_id = var.account_id
  region     = var.region
  partition  = local.partition

  cidr                       = var.vpc_cidr
  availability_zones         = var.availability_zones
  nat_gateways               = var.nat_gateways
  issuer_cidrs               = var.issuer_cidrs
  operator_cidrs             = var.operator_cidrs
  metrics_security_group_ids = var.metrics_security_group_ids

  flow_log_traffic   = var.flow_log_traffic
  log_retention_days = var.log_retention_days
  log_key_arn        = module.encryption.key_arns["telemetry"]
}

module "secrets" {
  source = "./modules/secrets"

  providers = {
    aws           = aws
    aws.ephemeral = aws.ephemeral
  }

  name                 = local.name
  key_arn              = module.encryption.key_arns["secrets"]
  secrets_version      = var.secrets_version
  recovery_window_days = var.deletion_protection ? 30 : 0
  generate             = var.generate_passwords
  passwords            = var.passwords
}

module "redis" {
  source = "./modules/redis"

  name               = local.name
  store              = var.redis.store
  engine             = var.redis.engine
  engine_version     = var.redis.engine_version
  node_type          = var.redis.node_type
  shards             = var.redis.shards
  replicas_per_shard = var.redis.replicas_per_shard

  port              = module.network.ports.redis
  subnet_ids        = module.network.data_subnet_ids
  security_group_id = module.network.security_group_ids["redis"]
  key_arn           = module.encryption.key_arns["data"]
  password_secret_arns = {
    api      = module.secrets.arns["redis-api"]
    consumer = module.secrets.arns["redis-consumer"]
  }

  maintenance_window      = var.maintenance_window
  snapshot_window         = var.backup_window
  snapshot_retention_days = var.redis.snapshot_retention_days
  final_snapshot          = var.deletion_protection
  log_retention_days      = var.log_retention_days
  log_key_arn             = module.encryption.key_arns["telemetry"]
}

module "kafka" {
  source = "./modules/kafka"

  name            = local.name
  account_id      = var.account_id
  kafka_version   = var.kafka.version
  instance_type   = var.kafka.instance_type
  volume_gib      = var.kafka.volume_gib
  max_volume_gib  = var.kafka.max_volume_gib
  partitions      = var.kafka.partitions
  retention_hours = var.kafka.retention_hours
  acls_required   = var.kafka.acls_required

  subnet_ids        = module.network.data_subnet_ids
  security_group_id = module.network.security_group_ids["kafka"]
  key_arn           = module.encryption.key_arns["data"]
  user_secret_arns = {
    api      = module.secrets.arns["kafka-api"]
    consumer = module.secrets.arns["kafka-consumer"]
  }

  log_retention_days = var.log_retention_days
  log_key_arn        = module.encryption.key_arns["telemetry"]
}

module "database" {
  source = "./modules/database"

  name                  = local.name
  account_id            = var.account_id
  partition             = local.partition
  engine_version        = var.database.engine_version
  instance_class        = var.database.instance_class
  storage_gib           = var.database.storage_gib
  max_storage_gib       = var.database.max_storage_gib
  backup_retention_days = var.database.backup_retention_days

  password         = module.secrets.database_password
  password_version = var.secrets_version

  port                = module.network.ports.postgresql
  subnet_ids          = module.network.data_subnet_ids
  security_group_id   = module.network.security_group_ids["database"]
  key_arn             = module.encryption.key_arns["data"]
  backup_window       = var.backup_window
  maintenance_window  = var.maintenance_window
  deletion_protection = var.deletion_protection
  log_retention_days  = var.log_retention_days
  log_key_arn         = module.encryption.key_arns["telemetry"]
}

module "service" {
  source = "./modules/service"

  name       = local.name
  account_id = var.account_id
  region     = var.region
  partition  = local.partition

  image            = var.image
  cpu_architecture = var.cpu_architecture
  api              = var.api
  consumer         = var.consumer
  openings         = var.openings
  stop_seconds     = var.stop_seconds
  environment      = var.service_environment

  tokens         = var.tokens
  topic          = local.topic
  consumer_group = local.consumer_group

  redis = {
    node              = module.redis.node
    users             = module.redis.users
    replicas_to_await = module.redis.replicas_to_await
  }
  kafka = {
    cluster_name        = module.kafka.cluster_name
    bootstrap_servers   = module.kafka.bootstrap_servers
    partitions          = var.kafka.partitions
    replicas            = module.kafka.replicas
    min_insync_replicas = module.kafka.min_insync_replicas
  }
  database = {
    address      = module.database.address
    port         = module.network.ports.postgresql
    name         = module.database.database
    user         = module.database.user
    certificates = var.database_certificates
  }

  secret_arns     = module.secrets.arns
  secrets_version = var.secrets_version
  secrets_key_arn = module.encryption.key_arns["secrets"]
  data_key_id     = module.encryption.key_arns["data"]
  log_key_arn     = module.encryption.key_arns["telemetry"]

  vpc_id               = module.network.vpc_id
  task_subnet_ids      = module.network.task_subnet_ids
  balancer_subnet_ids  = module.network.balancer_subnet_ids
  trusted_proxies      = module.network.balancer_cidrs
  security_group_ids   = module.network.security_group_ids
  ports                = module.network.ports
  certificate_arn      = var.certificate_arn
  internal_domain_name = var.internal_domain_name
  deletion_protection  = var.deletion_protection
  log_retention_days   = var.log_retention_days

  # Tasks are started where they can fetch their image and reach what they need.
  depends_on = [module.network]
}

module "edge" {
  source = "./modules/edge"

  name       = local.name
  account_id = var.account_id
  partition  = local.partition

  throttles                   = var.throttles
  account_requests_per_second = var.account_requests_per_second
  address_limit               = var.address_limit
  retry_after_seconds         = var.retry_after_seconds
  timeout_ms                  = var.edge_timeout_ms

  domain_name            = var.domain_name
  internal_domain_name   = var.internal_domain_name
  hosted_zone_id         = var.hosted_zone_id
  certificate_arn        = var.certificate_arn
  manage_account_logging = var.manage_account_logging

  vpc_id              = module.network.vpc_id
  balancer_subnet_ids = module.network.balancer_subnet_ids
  security_group_id   = module.network.security_group_ids["nlb"]
  balancer = {
    arn                  = module.service.balancer.arn
    members_listener_arn = module.service.balancer.members_listener_arn
  }

  deletion_protection = var.deletion_protection
  log_retention_days  = var.log_retention_days
  log_key_arn         = module.encryption.key_arns["telemetry"]
}

module "observability" {
  source = "./modules/observability"

  name       = local.name
  account_id = var.account_id
  region     = var.region
  partition  = local.partition

  key_arn       = module.encryption.key_arns["telemetry"]
  subscriptions = var.subscriptions
  thresholds    = var.thresholds

  edge = {
    api               = module.edge.api
    web_acl_name      = module.edge.web_acl_name
    throttled_metric  = module.edge.throttled_metric
    link_balancer     = module.edge.link_balancer.arn_suffix
    link_target_group = module.edge.link_balancer.target_group_suffix
  }
  service = {
    balancer      = module.service.balancer.arn_suffix
    target_groups = module.service.target_groups
    cluster_name  = module.service.cluster_name
    service_names = module.service.service_names
    min_tasks     = module.service.min_tasks
    log_namespace = module.service.log_metrics.namespace
  }
  redis = module.redis.metrics
  kafka = {
    cluster_name   = module.kafka.cluster_name
    broker_ids     = module.kafka.broker_ids
    topic          = local.topic
    consumer_group = local.consumer_group
  }
  database = { identifier = module.database.identifier }
}
