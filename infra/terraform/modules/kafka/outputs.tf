output "bootstrap_servers" {
  description = "Where clients begin, TLS and SCRAM."
  value       = aws_msk_cluster.this.bootstrap_brokers_sasl_scram

  # Nobody gets in before there are users.
  depends_on = [aws_msk_scram_secret_association.this]
}

output "cluster_name" {
  description = "The cluster's name, for alarms."
  value       = aws_msk_cluster.this.cluster_name
}

output "broker_ids" {
  description = "The brokers, for alarms."
  value       = [for id in range(1, local.brokers + 1) : tostring(id)]
}

output "replicas" {
  description = "Replicas that a topic should have."
  value       = local.replicas
}

output "min_insync_replicas" {
  description = "How many of them must have a record before it is acknowledged."
  value       = local.min_insync_replicas
}
