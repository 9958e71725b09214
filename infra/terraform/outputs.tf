output "url" {
  description = "Where members find the API."
  value       = module.edge.url
}

output "operators_url" {
  description = "Where operators find the admin API, from inside and from operator_cidrs."
  value       = "https://${var.internal_domain_name}:${module.network.ports.operators}/api/v1/admin"
}

output "nat_addresses" {
  description = "The public addresses that the issuer of tokens sees."
  value       = module.network.nat_addresses
}

output "topic_arns" {
  description = "Topics of alarms: page, ticket, database."
  value       = module.observability.topic_arns
}

output "secret_arns" {
  description = "Where the passwords are."
  value       = module.secrets.arns
}

output "kafka_bootstrap_servers" {
  description = "Where tools of Kafka begin, from inside."
  value       = module.kafka.bootstrap_servers
}

output "scheduled" {
  description = "What is scheduled for openings."
  value       = module.service.scheduled
}
