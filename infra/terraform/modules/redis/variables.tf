variable "name" {
  description = "What everything here is named after."
  type        = string

  validation {
    condition     = length(var.name) <= 30
    error_message = "The name of a cluster may have 40 characters, of which its users take ten."
  }
}

variable "store" {
  description = "elasticache, whose replicas are awaited, or memorydb, which answers once its log has the write."
  type        = string

  validation {
    condition     = contains(["elasticache", "memorydb"], var.store)
    error_message = "The store is elasticache or memorydb."
  }
}

variable "engine" {
  description = "redis or valkey."
  type        = string

  validation {
    condition     = contains(["redis", "valkey"], var.engine)
    error_message = "The engine is redis or valkey."
  }
}

variable "engine_version" {
  description = "Major and minor version, such as 7.1."
  type        = string

  validation {
    condition     = can(regex("^([7-9]|[1-9][0-9])\\.[0-9]+$", var.engine_version))
    error_message = "The version of the engine is major and minor, 7.0 or later: its rules on who may do what are of Redis 7."
  }
}

variable "node_type" {
  description = "Type of the nodes, such as cache.r7g.large or db.r7g.large; must be one of the store's."
  type        = string

  validation {
    condition     = startswith(var.node_type, var.store == "elasticache" ? "cache." : "db.")
    error_message = "Types of ElastiCache begin with cache., those of MemoryDB with db."
  }
}

variable "shards" {
  description = "Shards, 1 to 90. A campaign is always on one of them, so more of them help many campaigns and not a large one."
  type        = number

  validation {
    condition     = var.shards >= 1 && var.shards <= 90 && floor(var.shards) == var.shards
    error_message = "There are 1 to 90 shards."
  }
}

variable "replicas_per_shard" {
  description = "Replicas of each shard, 1 to 5. With ElastiCache a winner is told once all of them have him."
  type        = number

  validation {
    condition     = var.replicas_per_shard >= 1 && var.replicas_per_shard <= 5 && floor(var.replicas_per_shard) == var.replicas_per_shard
    error_message = "Each shard has 1 to 5 replicas; without one there is nothing to fail over to."
  }
}

variable "port" {
  description = "The port."
  type        = number
}

variable "subnet_ids" {
  description = "Subnets, one in each zone."
  type        = list(string)
}

variable "security_group_id" {
  description = "The security group."
  type        = string
}

variable "key_arn" {
  description = "The key that data and snapshots are encrypted by."
  type        = string
}

variable "password_secret_arns" {
  description = "Secrets with the passwords, by role: api and consumer."
  type        = object({ api = string, consumer = string })
}

variable "maintenance_window" {
  description = "When AWS may maintain, UTC, such as sun:03:00-sun:04:00. A failover in it suspends campaigns for moments."
  type        = string
}

variable "snapshot_window" {
  description = "When snapshots are made each day, UTC, such as 01:00-02:00."
  type        = string
}

variable "snapshot_retention_days" {
  description = "How many days snapshots are kept, 0 to 35."
  type        = number
}

variable "final_snapshot" {
  description = "Whether a snapshot is left behind when the cluster is deleted."
  type        = bool
}

variable "log_retention_days" {
  description = "How many days logs are kept."
  type        = number
}

variable "log_key_arn" {
  description = "The key that logs are encrypted by."
  type        = string
}
