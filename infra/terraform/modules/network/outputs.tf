output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "balancer_subnet_ids" {
  description = "Subnets of the load balancers, one in each zone."
  value       = [for subnet in aws_subnet.balancers : subnet.id]
}

output "balancer_cidrs" {
  description = "The addresses of the load balancers and of nothing else: whose X-Forwarded-For the service may believe."
  value       = values(local.balancers)
}

output "task_subnet_ids" {
  description = "Subnets of the tasks, one in each zone."
  value       = [for subnet in aws_subnet.tasks : subnet.id]
}

output "data_subnet_ids" {
  description = "Subnets of Redis, Kafka and PostgreSQL, one in each zone."
  value       = [for subnet in aws_subnet.data : subnet.id]
}

output "zones" {
  description = "The zones in which there are subnets of each kind."
  value = {
    balancers = keys(aws_subnet.balancers)
    tasks     = keys(aws_subnet.tasks)
    data      = keys(aws_subnet.data)
  }
}

output "security_group_ids" {
  description = "Security groups by what they are of: nlb, alb, api, consumer, endpoints, redis, kafka, database."
  value       = { for name, group in aws_security_group.this : name => group.id }
}

output "ports" {
  description = "Ports by what they are for."
  value       = local.ports
}

output "flows" {
  description = "Who may connect to whom."
  value       = local.flows
}

output "nat_addresses" {
  description = "The public addresses that the issuer of tokens sees."
  value       = [for address in aws_eip.nat : address.public_ip]
}
