# The whole stack, with the variables of an environment:
#
#   terraform test -test-directory=tests/environments -var-file=environments/prod.tfvars

mock_provider "aws" {
  source = "./tests/mocks"
}

# Mocks know no ephemeral resources, so this one is real. It has nothing to do, because passwords are brought.
provider "aws" {
  alias                       = "ephemeral"
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  image                 = "222222222222.dkr.ecr.eu-central-1.amazonaws.com/coupon:1.0.0"
  database_certificates = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
  generate_passwords    = false
  passwords = {
    redis-api      = "00000000000000000000000000000000"
    redis-consumer = "11111111111111111111111111111111"
    kafka-api      = "22222222222222222222222222222222"
    kafka-consumer = "33333333333333333333333333333333"
    database       = "44444444444444444444444444444444"
  }
}

run "the_whole_stack" {
  assert {
    condition     = alltrue([for kind, zones in module.network.zones : length(zones) == 3 && toset(zones) == toset(var.availability_zones)])
    error_message = "Load balancers, tasks and data are in three zones."
  }

  assert {
    condition     = !module.database.public
    error_message = "The database is not public."
  }

  assert {
    condition     = module.service.balancer.internal && module.edge.link_balancer.internal
    error_message = "No load balancer is public."
  }

  assert {
    condition     = module.encryption.rotated
    error_message = "All keys are rotated."
  }

  assert {
    condition     = module.database.deletion_protection == var.deletion_protection
    error_message = "The database is protected from being deleted where that is asked for."
  }

  assert {
    condition     = var.environment != "prod" || (var.deletion_protection && var.nat_gateways == 3 && var.redis.replicas_per_shard >= 2 && length(var.subscriptions) > 0)
    error_message = "Production is protected, stands the loss of a zone, and somebody hears of it."
  }

  # --- roles

  assert {
    condition = alltrue([
      for container in values(module.service.containers["api"]) : alltrue([
        for name in concat(keys(container.secrets), keys(container.environment)) : !can(regex("DATABASE|DATASOURCE", name))
      ])
    ])
    error_message = "A task of the role api knows nothing of the database."
  }

  assert {
    condition     = contains(keys(module.service.containers["consumer"]["prepare"].secrets), "DATABASE_PASSWORD") && contains(keys(module.service.containers["consumer"]["service"].environment), "SPRING_DATASOURCE_URL")
    error_message = "A task of the role consumer knows the database."
  }

  assert {
    condition     = alltrue([for role, containers in module.service.containers : containers["service"].environment["SPRING_PROFILES_ACTIVE"] == role])
    error_message = "A task has one role."
  }

  assert {
    condition     = alltrue([for flow in values(module.network.flows) : flow.to != "database" || flow.from == "consumer"])
    error_message = "Only the role consumer reaches the database."
  }

  # --- Redis and Kafka

  assert {
    condition = alltrue([
      for containers in values(module.service.containers) :
      containers["service"].environment["COUPON_REDIS_REPLICASTOAWAIT"] == tostring(var.redis.store == "elasticache" ? var.redis.replicas_per_shard : 0)
    ])
    error_message = "All replicas that may be promoted are awaited; with MemoryDB none."
  }

  assert {
    condition = alltrue([
      for containers in values(module.service.containers) :
      containers["service"].environment["COUPON_REDIS_TLS"] == "true" && containers["service"].environment["SPRING_KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
    ])
    error_message = "Redis and Kafka are spoken to by TLS."
  }

  assert {
    condition     = strcontains(module.service.containers["consumer"]["service"].environment["SPRING_DATASOURCE_URL"], "sslmode=verify-full")
    error_message = "The database is spoken to by TLS, and known by its certificate."
  }

  assert {
    condition     = module.service.containers["consumer"]["service"].environment["COUPON_PERSISTENCE_REPLICAS"] == "3" && module.service.containers["consumer"]["service"].environment["COUPON_PERSISTENCE_MININSYNCREPLICAS"] == "2"
    error_message = "The consumer makes topics of three replicas, two of which acknowledge."
  }

  assert {
    condition     = alltrue([for containers in values(module.service.containers) : containers["service"].environment["COUPON_WEB_TRUSTEDPROXIES"] == join(",", module.network.balancer_cidrs)])
    error_message = "The load balancers are believed, and nobody else."
  }

  # --- the edge

  assert {
    condition     = length(module.edge.routes) == 3 && alltrue([for route, throttle in module.edge.routes : throttle.rate <= var.account_requests_per_second])
    error_message = "There are three public routes, each with its own limit."
  }

  # --- openings and alarms

  assert {
    condition = toset(keys(module.service.scheduled)) == toset(flatten([
      for opening in var.openings : ["${opening.name} out", "${opening.name} back"]
    ]))
    error_message = "Each opening scales out and back."
  }

  assert {
    condition     = alltrue([for opening in var.openings : module.service.scheduled["${opening.name} out"].at == opening.at && module.service.scheduled["${opening.name} out"].min_tasks == opening.min_tasks && module.service.scheduled["${opening.name} back"].min_tasks == var.api.min_tasks])
    error_message = "An opening has its tasks from its time on, and gives them back."
  }

  assert {
    condition     = alltrue([for alarm in values(module.observability.alarms) : alarm.tells])
    error_message = "Every alarm tells somebody."
  }

  assert {
    condition = alltrue([
      for name in [
        "edge-5xx", "edge-latency-p99", "balancer-5xx", "link-unhealthy", "waf-blocked",
        "api-5xx", "api-latency-p99", "api-unhealthy", "api-tasks", "consumer-unhealthy", "consumer-tasks",
        "kafka-offline", "kafka-under-replicated 1", "kafka-under-replicated 3", "kafka-disk 2", "kafka-lag ledger", "kafka-lag dead-letters",
        "database-cpu", "database-storage", "database-connections", "dead-letters",
      ] : contains(keys(module.observability.alarms), name)
    ])
    error_message = "An alarm is missing."
  }

  assert {
    condition = alltrue([
      for kind in ["memory", "evictions", "cpu", "replication"] :
      length([for name in keys(module.observability.alarms) : name if startswith(name, "redis-${kind} ")]) == var.redis.shards * (var.redis.replicas_per_shard + 1)
    ])
    error_message = "Each node of Redis has its alarms."
  }
}
