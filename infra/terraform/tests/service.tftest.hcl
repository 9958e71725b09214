mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name             = "coupon-test"
  account_id       = "222222222222"
  region           = "eu-central-1"
  partition        = "aws"
  image            = "222222222222.dkr.ecr.eu-central-1.amazonaws.com/coupon:1.0.0"
  cpu_architecture = "X86_64"
  api              = { cpu = 4096, memory = 8192, min_tasks = 3, max_tasks = 30, requests_per_minute = 120000 }
  consumer         = { cpu = 2048, memory = 4096, min_tasks = 2, max_tasks = 6, lag_records = 20000 }
  openings = [
    { name = "weekly", at = "cron(30 9 ? * FRI *)", back = "cron(0 11 ? * FRI *)", min_tasks = 12, timezone = "Europe/Berlin" },
    { name = "once", at = "at(2099-12-31T22:30:00)", back = "at(2100-01-01T01:00:00)", min_tasks = 24 },
    { name = "over", at = "at(2020-01-01T09:30:00)", back = "at(2020-01-01T11:00:00)", min_tasks = 24 },
  ]
  ports           = { https = 443, operators = 8443, http = 8080, management = 8081 }
  stop_seconds    = 60
  environment     = { COUPON_ISSUANCE_ACKNOWLEDGEAFTER = "publication" }
  tokens          = { issuer_uri = "https://issuer.example.com", jwk_set_uri = "https://issuer.example.com/keys", audiences = ["coupon"] }
  topic           = "coupon.issued"
  consumer_group  = "coupon-ledger"
  redis           = { node = "redis.example:6379", users = { api = "api", consumer = "consumer" }, replicas_to_await = 2 }
  kafka           = { cluster_name = "coupon-test", bootstrap_servers = "kafka.example:9096", partitions = 6, replicas = 3, min_insync_replicas = 2 }
  database        = { address = "database.example", port = 5432, name = "coupon", user = "coupon", certificates = "PEM" }
  secrets_version = 3
  secrets_key_arn = "arn:aws:kms:eu-central-1:222222222222:key/secrets"
  data_key_id     = "arn:aws:kms:eu-central-1:222222222222:key/data"
  log_key_arn     = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
  secret_arns = {
    redis-api      = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:redis-api"
    redis-consumer = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:redis-consumer"
    kafka-api      = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:AmazonMSK_api"
    kafka-consumer = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:AmazonMSK_consumer"
    database       = "arn:aws:secretsmanager:eu-central-1:222222222222:secret:database"
  }
  log_retention_days   = 30
  vpc_id               = "vpc-test"
  task_subnet_ids      = ["subnet-a", "subnet-b", "subnet-c"]
  balancer_subnet_ids  = ["subnet-d", "subnet-e", "subnet-f"]
  trusted_proxies      = ["10.50.4.0/24", "10.50.5.0/24", "10.50.6.0/24"]
  security_group_ids   = { alb = "sg-alb", api = "sg-api", consumer = "sg-consumer" }
  certificate_arn      = "arn:aws:acm:eu-central-1:222222222222:certificate/0"
  internal_domain_name = "internal.coupon.example.com"
  deletion_protection  = true
}

run "the_api_has_no_secret_of_the_database" {
  module {
    source = "./modules/service"
  }

  assert {
    condition = alltrue(flatten([
      for container in jsondecode(aws_ecs_task_definition.this["api"].container_definitions) : [
        for given in concat([for s in container.secrets : "${s.name}=${s.valueFrom}"], [for v in container.environment : "${v.name}=${v.value}"]) : !can(regex("(?i)database|datasource|jdbc", given))
      ]
    ]))
    error_message = "A task of the role api is told nothing of the database."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.execution["api"].policy, "secret:database") && !strcontains(aws_iam_role_policy.execution["api"].policy, "consumer")
    error_message = "Whoever starts the role api cannot read secrets of the role consumer."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.execution["consumer"].policy, "secret:database") && !strcontains(aws_iam_role_policy.execution["consumer"].policy, "redis-api")
    error_message = "Whoever starts the role consumer reads its own secrets."
  }
}

run "tasks_may_do_little" {
  module {
    source = "./modules/service"
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.execution : [
        for statement in jsondecode(policy.policy).Statement : statement.Resource != "*" || statement.Action == "ecr:GetAuthorizationToken"
      ]
    ]))
    error_message = "Permissions are for named things."
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.execution : !can(regex("\"[a-z0-9]+:\\*\"", policy.policy))])
    error_message = "No permission is for all of a service."
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.execution : !contains([for role in aws_iam_role.task : role.id], policy.role)])
    error_message = "The task itself may do nothing in AWS."
  }

  assert {
    condition = alltrue(flatten([
      for task in aws_ecs_task_definition.this : [
        for container in jsondecode(task.container_definitions) :
        container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
      ]
    ]))
    error_message = "Root file systems are read-only, and there are no capabilities."
  }

  assert {
    condition = alltrue([
      for task in aws_ecs_task_definition.this : one([for c in jsondecode(task.container_definitions) : c if c.name == "service"]).user == "10001:10001"
    ])
    error_message = "The service is not root."
  }

  assert {
    condition = alltrue([
      for task in aws_ecs_task_definition.this : length(one([for c in jsondecode(task.container_definitions) : c if c.name == "service"]).secrets) == 0
    ])
    error_message = "No secret is in the environment of the service."
  }

  assert {
    condition = alltrue([
      for task in aws_ecs_task_definition.this : one([for c in jsondecode(task.container_definitions) : c if c.name == "service"]).stopTimeout == 60
    ])
    error_message = "The service has the time it needs to stop."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.this : !service.network_configuration[0].assign_public_ip && !service.enable_execute_command && service.deployment_circuit_breaker[0].rollback])
    error_message = "Tasks have no public address and no shell, and a deployment that fails is taken back."
  }

  assert {
    condition     = aws_ecs_service.this["api"].network_configuration[0].security_groups == toset(["sg-api"]) && aws_ecs_service.this["consumer"].network_configuration[0].security_groups == toset(["sg-consumer"])
    error_message = "Each role has its own security group and no other."
  }
}

run "what_tasks_are_told" {
  module {
    source = "./modules/service"
  }

  assert {
    condition = output.containers["consumer"]["service"].environment == {
      SPRING_PROFILES_ACTIVE                                = "consumer"
      SPRING_CONFIG_IMPORT                                  = "configtree:/run/secrets/"
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI  = "https://issuer.example.com"
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI = "https://issuer.example.com/keys"
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES   = "coupon"
      COUPON_REDIS_MODE                                     = "cluster"
      COUPON_REDIS_NODES                                    = "redis.example:6379"
      COUPON_REDIS_TLS                                      = "true"
      COUPON_REDIS_USER                                     = "consumer"
      COUPON_REDIS_REPLICASTOAWAIT                          = "2"
      COUPON_KAFKA_TOPIC                                    = "coupon.issued"
      SPRING_KAFKA_BOOTSTRAP_SERVERS                        = "kafka.example:9096"
      SPRING_KAFKA_SECURITY_PROTOCOL                        = "SASL_SSL"
      SPRING_KAFKA_PROPERTIES_SASL_MECHANISM                = "SCRAM-SHA-512"
      COUPON_PERSISTENCE_PARTITIONS                         = "6"
      COUPON_PERSISTENCE_REPLICAS                           = "3"
      COUPON_PERSISTENCE_MININSYNCREPLICAS                  = "2"
      COUPON_WEB_TRUSTEDPROXIES                             = "10.50.4.0/24,10.50.5.0/24,10.50.6.0/24"
      COUPON_ISSUANCE_ACKNOWLEDGEAFTER                      = "publication"
      SPRING_DATASOURCE_URL                                 = "jdbc:postgresql://database.example:5432/coupon?sslmode=verify-full&sslrootcert=/run/trust/database.pem"
      SPRING_DATASOURCE_USERNAME                            = "coupon"
      SERVER_TOMCAT_KEEPALIVETIMEOUT                        = "75s"
      LOGGING_STRUCTURED_FORMAT_CONSOLE                     = "logstash"
    }
    error_message = "The consumer is told what docs/configuration.md names."
  }

  assert {
    condition     = tonumber(trimsuffix(output.containers["api"]["service"].environment["SERVER_TOMCAT_KEEPALIVETIMEOUT"], "s")) > aws_lb.this.idle_timeout
    error_message = "A node keeps connections longer than the load balancer does."
  }

  assert {
    condition     = output.containers["api"]["prepare"].environment["SECRETS_VERSION"] == "3"
    error_message = "Other secrets make other tasks."
  }
}

run "the_balancer_knows_two_doors" {
  module {
    source = "./modules/service"
  }

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.drop_invalid_header_fields && aws_lb.this.xff_header_processing_mode == "append" && aws_lb.this.enable_deletion_protection && aws_lb.this.access_logs[0].enabled
    error_message = "It is internal, adds the address it sees, and logs."
  }

  assert {
    condition     = alltrue([for listener in aws_lb_listener.this : listener.protocol == "HTTPS" && startswith(listener.ssl_policy, "ELBSecurityPolicy-TLS13") && listener.default_action[0].fixed_response[0].status_code == "404"])
    error_message = "It speaks TLS, and what nobody opened is 404."
  }

  assert {
    condition     = one(one(aws_lb_listener_rule.members.condition).path_pattern).values == toset(["/api/v1/campaigns/*"]) && aws_lb_listener_rule.members.action[0].target_group_arn == aws_lb_target_group.role["api"].arn
    error_message = "Members reach the public routes of the role api."
  }

  assert {
    condition     = one(one(aws_lb_listener_rule.operators.condition).path_pattern).values == toset(["/api/v1/admin/*", "/console", "/console/*"]) && aws_lb_listener.this["operators"].port == 8443 && aws_lb_listener.this["members"].port == 443
    error_message = "Operators reach the admin API by a port of their own."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.role : group.health_check[0].path == "/actuator/health/readiness" && group.health_check[0].port == "8081"])
    error_message = "A task gets requests once it is ready."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.access_logs.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && aws_s3_bucket_public_access_block.access_logs.restrict_public_buckets && aws_s3_bucket_public_access_block.access_logs.block_public_policy && strcontains(aws_s3_bucket_policy.access_logs.policy, "aws:SecureTransport")
    error_message = "Its log is encrypted and not public."
  }
}

run "scaling" {
  module {
    source = "./modules/service"
  }

  assert {
    condition     = one(aws_appautoscaling_policy.requests.target_tracking_scaling_policy_configuration[0].predefined_metric_specification).predefined_metric_type == "ALBRequestCountPerTarget" && aws_appautoscaling_policy.requests.target_tracking_scaling_policy_configuration[0].target_value == 120000
    error_message = "The role api follows requests."
  }

  assert {
    condition     = { for name, action in aws_appautoscaling_scheduled_action.out : name => "${action.schedule} ${action.timezone} ${action.scalable_target_action[0].min_capacity}" } == { weekly = "cron(30 9 ? * FRI *) Europe/Berlin 12", once = "at(2099-12-31T22:30:00) UTC 24" }
    error_message = "For each opening there are enough tasks before; what is over is left out."
  }

  assert {
    condition     = { for name, action in aws_appautoscaling_scheduled_action.back : name => "${action.schedule} ${action.scalable_target_action[0].min_capacity}" } == { weekly = "cron(0 11 ? * FRI *) 3", once = "at(2100-01-01T01:00:00) 3" }
    error_message = "After each opening they go back."
  }

  assert {
    condition     = aws_appautoscaling_target.role["api"].min_capacity == 3 && aws_appautoscaling_target.role["api"].max_capacity == 30 && aws_appautoscaling_target.role["consumer"].max_capacity == 6
    error_message = "There are as many as was said."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.lag_out.metric_name == "SumOffsetLag" && aws_cloudwatch_metric_alarm.lag_out.dimensions["Consumer Group"] == "coupon-ledger" && length(aws_cloudwatch_metric_alarm.lag_out.alarm_actions) == 1 && length(aws_cloudwatch_metric_alarm.lag_in.alarm_actions) == 1
    error_message = "The role consumer follows what waits in Kafka."
  }
}

run "an_apply_in_the_middle_of_an_opening_takes_no_tasks_away" {
  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "now", at = "at(2020-01-01T00:00:00)", back = "at(2099-12-31T00:00:00)", min_tasks = 24 }]
  }

  assert {
    condition     = aws_appautoscaling_target.role["api"].min_capacity == 24 && length(aws_appautoscaling_scheduled_action.out) == 0 && length(aws_appautoscaling_scheduled_action.back) == 1
    error_message = "There are as many tasks as the opening has, until it is over."
  }
}

run "an_image_that_moves_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    image = "222222222222.dkr.ecr.eu-central-1.amazonaws.com/coupon:latest"
  }

  expect_failures = [var.image]
}

run "an_opening_with_other_times_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "a", at = "tomorrow", back = "at(2099-12-31T22:30:00)", min_tasks = 12 }]
  }

  expect_failures = [var.openings]
}

run "an_opening_on_a_day_that_is_none_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "a", at = "at(2099-02-30T22:30:00)", back = "at(2099-12-31T22:30:00)", min_tasks = 12 }]
  }

  expect_failures = [var.openings]
}

run "an_opening_that_ends_first_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "a", at = "at(2099-12-31T22:30:00)", back = "at(2099-12-31T22:00:00)", min_tasks = 12 }]
  }

  expect_failures = [var.openings]
}

run "an_opening_with_more_than_there_may_be_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "a", at = "cron(30 9 ? * FRI *)", back = "cron(0 11 ? * FRI *)", min_tasks = 31 }]
  }

  expect_failures = [var.openings]
}

run "two_openings_of_a_name_are_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [
      { name = "a", at = "cron(30 9 ? * FRI *)", back = "cron(0 11 ? * FRI *)", min_tasks = 12 },
      { name = "a", at = "cron(30 9 ? * SAT *)", back = "cron(0 11 ? * SAT *)", min_tasks = 12 },
    ]
  }

  expect_failures = [var.openings]
}

run "an_instant_in_a_time_zone_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    openings = [{ name = "a", at = "at(2099-12-31T22:30:00)", back = "at(2100-12-31T22:00:00)", min_tasks = 12, timezone = "Asia/Seoul" }]
  }

  expect_failures = [var.openings]
}

run "a_password_in_the_environment_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    environment = { SPRING_DATASOURCE_PASSWORD = "open" }
  }

  expect_failures = [var.environment]
}

run "more_consumers_than_partitions_are_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    consumer = { cpu = 2048, memory = 4096, min_tasks = 2, max_tasks = 7, lag_records = 20000 }
  }

  expect_failures = [var.consumer]
}

run "a_task_that_is_too_small_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    api              = { cpu = 1024, memory = 2048, min_tasks = 3, max_tasks = 30, requests_per_minute = 120000 }
    openings         = []
    stop_seconds     = 20
    cpu_architecture = "RISC"
    tokens           = { issuer_uri = "https://issuer.example.com", jwk_set_uri = "http://issuer.example.com/keys", audiences = ["coupon"] }
  }

  expect_failures = [var.api, var.stop_seconds, var.cpu_architecture, var.tokens]
}
