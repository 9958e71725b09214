output "node" {
  description = "Where clients ask for the nodes of the cluster, host:port."
  value = (
    local.elasticache
    ? "${aws_elasticache_replication_group.this[0].configuration_endpoint_address}:${var.port}"
    : "${aws_memorydb_cluster.this[0].cluster_endpoint[0].address}:${var.port}"
  )
}

output "users" {
  description = "The user of each role."
  value       = { for role in local.roles : role => local.elasticache ? role : "${var.name}-${role}" }
}

output "replicas_to_await" {
  description = "How many replicas must have a winner before he is told: all that may be promoted. None with MemoryDB, whose answer comes after its log has the write."
  value       = local.elasticache ? var.replicas_per_shard : 0
}

output "metrics" {
  description = "What alarms ask CloudWatch for: the namespace, and the dimensions of each node."
  value = {
    namespace = local.elasticache ? "AWS/ElastiCache" : "AWS/MemoryDB"
    nodes = {
      for node in local.nodes : node => local.elasticache ? { CacheClusterId = node } : { ClusterName = var.name, NodeName = node }
    }
  }
}
