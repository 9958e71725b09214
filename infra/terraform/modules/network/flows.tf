# Who may connect to whom. Each line becomes a rule at both ends; what is not here is not possible.

locals {
  groups = {
    nlb       = "the network load balancer behind API Gateway"
    alb       = "the application load balancer"
    api       = "tasks of the role api"
    consumer  = "tasks of the role consumer"
    endpoints = "endpoints of AWS services"
    redis     = "Redis"
    kafka     = "brokers of Kafka"
    database  = "PostgreSQL"
  }

  ports = {
    https       = 443
    operators   = 8443 # of the load balancer: the admin API
    http        = 8080 # of a task: requests
    management  = 8081 # of a task: health and metrics
    redis       = 6379
    kafka_scram = 9096
    postgresql  = 5432
  }

  # from > to : port
  flows = {
    "nlb > alb : https"                = { from = "nlb", to = "alb", port = local.ports.https }
    "alb > api : http"                 = { from = "alb", to = "api", port = local.ports.http }
    "alb > api : management"           = { from = "alb", to = "api", port = local.ports.management }
    "alb > consumer : http"            = { from = "alb", to = "consumer", port = local.ports.http }
    "alb > consumer : management"      = { from = "alb", to = "consumer", port = local.ports.management }
    "api > redis : redis"              = { from = "api", to = "redis", port = local.ports.redis }
    "api > kafka : kafka"              = { from = "api", to = "kafka", port = local.ports.kafka_scram }
    "api > endpoints : https"          = { from = "api", to = "endpoints", port = local.ports.https }
    "consumer > redis : redis"         = { from = "consumer", to = "redis", port = local.ports.redis }
    "consumer > kafka : kafka"         = { from = "consumer", to = "kafka", port = local.ports.kafka_scram }
    "consumer > endpoints : https"     = { from = "consumer", to = "endpoints", port = local.ports.https }
    "consumer > database : postgresql" = { from = "consumer", to = "database", port = local.ports.postgresql }
  }

  roles = toset(["api", "consumer"])
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each = local.flows

  description                  = each.key
  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each = local.flows

  description                  = each.key
  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# Operators, by the addresses of their VPN or bastion
resource "aws_vpc_security_group_ingress_rule" "operators" {
  for_each = var.operator_cidrs

  description       = "operators > alb : operators"
  security_group_id = aws_security_group.this["alb"].id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.operators
  to_port           = local.ports.operators
}

# Prometheus
resource "aws_vpc_security_group_ingress_rule" "metrics" {
  for_each = { for pair in setproduct(local.roles, var.metrics_security_group_ids) : join(" < ", pair) => pair }

  description                  = "metrics > ${each.value[0]} : management"
  security_group_id            = aws_security_group.this[each.value[0]].id
  referenced_security_group_id = each.value[1]
  ip_protocol                  = "tcp"
  from_port                    = local.ports.management
  to_port                      = local.ports.management
}

# The layers of images come from S3, by its endpoint.
resource "aws_vpc_security_group_egress_rule" "images" {
  for_each = local.roles

  description       = "${each.key} > s3 : https"
  security_group_id = aws_security_group.this[each.key].id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = local.ports.https
  to_port           = local.ports.https
}

# The issuer's keys, by which tokens are verified
resource "aws_vpc_security_group_egress_rule" "issuer" {
  for_each = { for pair in setproduct(local.roles, var.issuer_cidrs) : join(" > ", pair) => pair }

  description       = "${each.value[0]} > issuer : https"
  security_group_id = aws_security_group.this[each.value[0]].id
  cidr_ipv4         = each.value[1]
  ip_protocol       = "tcp"
  from_port         = local.ports.https
  to_port           = local.ports.https
}
