mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                       = "coupon-test"
  account_id                 = "222222222222"
  region                     = "eu-central-1"
  partition                  = "aws"
  cidr                       = "10.50.0.0/16"
  availability_zones         = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat_gateways               = 3
  issuer_cidrs               = ["203.0.113.0/24"]
  operator_cidrs             = ["10.20.0.0/24"]
  metrics_security_group_ids = ["sg-prometheus"]
  flow_log_traffic           = "ALL"
  log_retention_days         = 30
  log_key_arn                = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
}

run "three_zones" {
  module {
    source = "./modules/network"
  }

  assert {
    condition = alltrue([
      for subnets in [aws_subnet.balancers, aws_subnet.tasks, aws_subnet.data, aws_subnet.public] :
      length(distinct([for subnet in subnets : subnet.availability_zone])) == 3
    ])
    error_message = "There is one subnet of each kind in each of three zones."
  }

  assert {
    condition     = length(distinct(concat([for s in aws_subnet.balancers : s.cidr_block], [for s in aws_subnet.tasks : s.cidr_block], [for s in aws_subnet.data : s.cidr_block], [for s in aws_subnet.public : s.cidr_block]))) == 12
    error_message = "Subnets do not share addresses."
  }
}

run "nothing_is_public" {
  module {
    source = "./modules/network"
  }

  assert {
    condition = alltrue(flatten([
      for subnets in [aws_subnet.balancers, aws_subnet.tasks, aws_subnet.data, aws_subnet.public] : [for subnet in subnets : !subnet.map_public_ip_on_launch]
    ]))
    error_message = "No subnet gives public addresses."
  }

  assert {
    condition     = alltrue([for route in concat([aws_route.public[0]], values(aws_route.out)) : route.route_table_id != aws_route_table.inside.id])
    error_message = "Load balancers and data have no way out."
  }

  assert {
    condition     = alltrue([for route in aws_route.out : route.nat_gateway_id != null && route.gateway_id == null])
    error_message = "Tasks go out by NAT alone."
  }

  assert {
    condition     = length(distinct([for route in aws_route.out : route.nat_gateway_id])) == 3
    error_message = "Each zone goes out by its own NAT gateway."
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.flow), values(aws_vpc_security_group_ingress_rule.metrics), values(aws_vpc_security_group_ingress_rule.operators)) : rule.cidr_ipv4 == null || startswith(coalesce(rule.cidr_ipv4, "10."), "10.")])
    error_message = "Nobody from outside gets in."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default group allows nothing."
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.flow), values(aws_vpc_security_group_ingress_rule.metrics), values(aws_vpc_security_group_ingress_rule.operators)) : rule.security_group_id != aws_security_group.this["nlb"].id])
    error_message = "Nobody inside connects to the network load balancer, which is for the VPC link."
  }
}

run "the_api_has_no_way_to_the_database" {
  module {
    source = "./modules/network"
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.flow : rule.referenced_security_group_id if rule.security_group_id == aws_security_group.this["database"].id] == [aws_security_group.this["consumer"].id]
    error_message = "The database lets the role consumer in and nobody else."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.flow : rule.security_group_id != aws_security_group.this["api"].id || (rule.referenced_security_group_id != aws_security_group.this["database"].id && rule.from_port != 5432)])
    error_message = "The role api may not connect to the database."
  }

  assert {
    condition = alltrue([
      for rule in concat(values(aws_vpc_security_group_egress_rule.issuer), values(aws_vpc_security_group_egress_rule.images)) : rule.from_port == 443 && rule.to_port == 443
    ])
    error_message = "Outside, tasks reach port 443 and no other."
  }

  assert {
    condition     = alltrue([for name in keys(aws_vpc_security_group_egress_rule.flow) : aws_vpc_security_group_egress_rule.flow[name].referenced_security_group_id == aws_vpc_security_group_ingress_rule.flow[name].security_group_id && aws_vpc_security_group_egress_rule.flow[name].from_port == aws_vpc_security_group_ingress_rule.flow[name].from_port])
    error_message = "Rules agree at both ends."
  }
}

run "management_is_for_load_balancer_and_prometheus" {
  module {
    source = "./modules/network"
  }

  assert {
    condition = alltrue([
      for rule in concat(values(aws_vpc_security_group_ingress_rule.flow), values(aws_vpc_security_group_ingress_rule.metrics), values(aws_vpc_security_group_ingress_rule.operators)) :
      rule.from_port != 8081 || contains([aws_security_group.this["alb"].id, "sg-prometheus"], coalesce(rule.referenced_security_group_id, "none"))
    ])
    error_message = "Port 8081 is for the load balancer and Prometheus."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.metrics) == 2
    error_message = "Prometheus reads both roles."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.operators : rule.from_port == 8443 && rule.to_port == 8443 && rule.security_group_id == aws_security_group.this["alb"].id])
    error_message = "Operators reach their port of the load balancer and no other."
  }
}

run "connections_are_logged_and_aws_is_reached_inside" {
  module {
    source = "./modules/network"
  }

  assert {
    condition     = aws_flow_log.this.vpc_id == aws_vpc.this.id && aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flows.kms_key_id == var.log_key_arn
    error_message = "Connections are logged, encrypted."
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"]) && alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled])
    error_message = "Images, logs and secrets do not go by NAT."
  }
}

run "without_a_way_out_there_is_no_internet_gateway" {
  module {
    source = "./modules/network"
  }

  variables {
    nat_gateways = 0
    issuer_cidrs = ["10.20.1.0/24"]
  }

  assert {
    condition     = length(aws_internet_gateway.this) == 0 && length(aws_subnet.public) == 0 && length(aws_route.out) == 0 && length(aws_eip.nat) == 0
    error_message = "Nothing is public."
  }
}

run "one_nat_gateway_serves_all_zones" {
  module {
    source = "./modules/network"
  }

  variables {
    nat_gateways = 1
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.out) == 3
    error_message = "All zones go out by the one."
  }
}

run "two_zones_are_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1b"]
    cidr               = "10.50.0.0/20"
    nat_gateways       = 2
  }

  expect_failures = [var.availability_zones, var.cidr, var.nat_gateways]
}
