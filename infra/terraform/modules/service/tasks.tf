# Two services of one image. What a task is, SPRING_PROFILES_ACTIVE says; what it may know and do, its secrets, its roles
# and its security group.

locals {
  # Of both roles. Names are those of docs/configuration.md.
  environment = merge(
    {
      SPRING_CONFIG_IMPORT = "configtree:/run/secrets/"

      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI  = var.tokens.issuer_uri
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI = var.tokens.jwk_set_uri
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES   = join(",", var.tokens.audiences)

      COUPON_REDIS_MODE            = "cluster"
      COUPON_REDIS_NODES           = var.redis.node
      COUPON_REDIS_TLS             = "true"
      COUPON_REDIS_REPLICASTOAWAIT = tostring(var.redis.replicas_to_await)

      COUPON_KAFKA_TOPIC                     = var.topic
      SPRING_KAFKA_BOOTSTRAP_SERVERS         = var.kafka.bootstrap_servers
      SPRING_KAFKA_SECURITY_PROTOCOL         = "SASL_SSL"
      SPRING_KAFKA_PROPERTIES_SASL_MECHANISM = "SCRAM-SHA-512"

      # The subnets of the load balancers, in which there is nothing else
      COUPON_WEB_TRUSTEDPROXIES = join(",", var.trusted_proxies)
      # longer than the load balancer keeps an idle connection, which would otherwise use one that is just being closed
      SERVER_TOMCAT_KEEPALIVETIMEOUT = "${local.idle_seconds + 15}s"

      LOGGING_STRUCTURED_FORMAT_CONSOLE = "logstash"
    },
    var.environment,
  )

  roles = {
    api = {
      cpu         = var.api.cpu
      memory      = var.api.memory
      min_tasks   = var.api.min_tasks
      redis_user  = var.redis.users["api"]
      environment = {}
      # by the names that prepare.sh knows
      secrets = {
        REDIS_PASSWORD = var.secret_arns["redis-api"]
        KAFKA_USER     = "${var.secret_arns["kafka-api"]}:username::"
        KAFKA_PASSWORD = "${var.secret_arns["kafka-api"]}:password::"
      }
      readable = [var.secret_arns["redis-api"], var.secret_arns["kafka-api"]]
      trust    = null
    }
    consumer = {
      cpu        = var.consumer.cpu
      memory     = var.consumer.memory
      min_tasks  = var.consumer.min_tasks
      redis_user = var.redis.users["consumer"]
      environment = {
        SPRING_DATASOURCE_URL      = "jdbc:postgresql://${var.database.address}:${var.database.port}/${var.database.name}?sslmode=verify-full&sslrootcert=/run/trust/database.pem"
        SPRING_DATASOURCE_USERNAME = var.database.user

        # It makes the topics when it starts.
        COUPON_PERSISTENCE_PARTITIONS        = tostring(var.kafka.partitions)
        COUPON_PERSISTENCE_REPLICAS          = tostring(var.kafka.replicas)
        COUPON_PERSISTENCE_MININSYNCREPLICAS = tostring(var.kafka.min_insync_replicas)
      }
      secrets = {
        REDIS_PASSWORD    = var.secret_arns["redis-consumer"]
        KAFKA_USER        = "${var.secret_arns["kafka-consumer"]}:username::"
        KAFKA_PASSWORD    = "${var.secret_arns["kafka-consumer"]}:password::"
        DATABASE_PASSWORD = var.secret_arns["database"]
      }
      readable = [var.secret_arns["redis-consumer"], var.secret_arns["kafka-consumer"], var.secret_arns["database"]]
      trust    = var.database.certificates
    }
  }

  # MiB of memory for prepare.sh, which has ended when the service starts
  prepare_mib = 128
  # Of the load balancer, s: more than the 15 s after which a stream of events shows a sign of life
  idle_seconds = 60

  log_configuration = {
    for role in keys(local.roles) : role => {
      logDriver = "awslogs"
      options = {
        awslogs-region        = var.region
        awslogs-group         = aws_cloudwatch_log_group.task[role].name
        awslogs-stream-prefix = role
        # a log that cannot be written holds up nobody
        mode            = "non-blocking"
        max-buffer-size = "16m"
      }
    }
  }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = var.data_key_id
    }
  }
}

resource "aws_cloudwatch_log_group" "task" {
  for_each = local.roles

  name              = "/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_ecs_task_definition" "this" {
  for_each = local.roles

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution[each.key].arn
  task_role_arn            = aws_iam_role.task[each.key].arn

  runtime_platform {
    operating_system_family = "LINUX"
    # The AOT cache belongs to the Java that made it: the image must have been built on the same.
    cpu_architecture = var.cpu_architecture
  }

  dynamic "volume" {
    for_each = ["secrets", "trust", "temporary"]

    content {
      name = volume.value
    }
  }

  container_definitions = jsonencode([
    {
      name                   = "prepare"
      image                  = var.image
      essential              = false
      user                   = "0"
      readonlyRootFilesystem = true
      memory                 = local.prepare_mib
      entryPoint             = ["bash", "-c"]
      command                = [file("${path.module}/prepare.sh")]
      linuxParameters        = { capabilities = { drop = ["ALL"] } }
      # another version of the secrets makes another task
      environment = concat(
        [{ name = "SECRETS_VERSION", value = tostring(var.secrets_version) }],
        each.value.trust == null ? [] : [{ name = "DATABASE_CA", value = each.value.trust }],
      )
      secrets = [for name, arn in each.value.secrets : { name = name, valueFrom = arn }]
      mountPoints = [
        { sourceVolume = "secrets", containerPath = "/run/secrets", readOnly = false },
        { sourceVolume = "trust", containerPath = "/run/trust", readOnly = false },
        { sourceVolume = "temporary", containerPath = "/tmp", readOnly = false },
      ]
      logConfiguration = local.log_configuration[each.key]
    },
    {
      name                   = "service"
      image                  = var.image
      essential              = true
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      privileged             = false
      # the Java virtual machine takes 70 % of it for its heap
      memory          = each.value.memory - local.prepare_mib
      dependsOn       = [{ containerName = "prepare", condition = "SUCCESS" }]
      linuxParameters = { capabilities = { drop = ["ALL"] } }
      ulimits         = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
      stopTimeout     = var.stop_seconds
      environment = [
        for name, value in merge(
          local.environment,
          { SPRING_PROFILES_ACTIVE = each.key, COUPON_REDIS_USER = each.value.redis_user },
          each.value.environment,
        ) : { name = name, value = value }
      ]
      secrets = []
      portMappings = [
        { name = "http", containerPort = var.ports.http, protocol = "tcp" },
        { name = "management", containerPort = var.ports.management, protocol = "tcp" },
      ]
      mountPoints = [
        { sourceVolume = "secrets", containerPath = "/run/secrets", readOnly = true },
        { sourceVolume = "trust", containerPath = "/run/trust", readOnly = true },
        { sourceVolume = "temporary", containerPath = "/tmp", readOnly = false },
      ]
      # ECS does not read the image's own. Liveness here, because what is not ready is the load balancer's business.
      healthCheck = {
        command     = ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${var.ports.management} && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 2 status <&3 && [[ $status == *' 200 '* ]]"]
        interval    = 10
        timeout     = 3
        retries     = 3
        startPeriod = 120
      }
      logConfiguration = local.log_configuration[each.key]
    },
  ])

  lifecycle {
    precondition {
      condition     = var.stop_seconds >= 45
      error_message = "The service may take 45 s to stop; see infra/README.md."
    }
  }
}

resource "aws_ecs_service" "this" {
  for_each = local.roles

  name             = each.key
  cluster          = aws_ecs_cluster.this.id
  task_definition  = aws_ecs_task_definition.this[each.key].arn
  desired_count    = each.value.min_tasks
  launch_type      = "FARGATE"
  platform_version = "1.4.0"
  propagate_tags   = "SERVICE"

  enable_execute_command             = false
  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  # start, migrations or warm-up
  health_check_grace_period_seconds = 180

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.task_subnet_ids
    security_groups  = [var.security_group_ids[each.key]]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.role[each.key].arn
    container_name   = "service"
    container_port   = var.ports.http
  }

  lifecycle {
    # is what scaling says
    ignore_changes = [desired_count]
  }

  # A task cannot start without its permissions, and its target group must be one of a listener.
  depends_on = [aws_iam_role_policy.execution, aws_lb_listener_rule.members, aws_lb_listener_rule.operators]
}
