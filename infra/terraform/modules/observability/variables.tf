variable "name" {
  description = "What everything here is named after."
  type        = string
}

variable "account_id" {
  description = "The account, 12 digits."
  type        = string
}

variable "region" {
  description = "The region."
  type        = string
}

variable "partition" {
  description = "The partition of the region."
  type        = string
}

variable "key_arn" {
  description = "The key that topics are encrypted by."
  type        = string
}

variable "subscriptions" {
  description = "Who hears of what: severity page or ticket, protocol email, https, sqs or lambda, and the endpoint. What RDS tells goes to those of tickets."
  type        = list(object({ severity = string, protocol = string, endpoint = string }))

  validation {
    condition     = alltrue([for s in var.subscriptions : contains(["page", "ticket"], s.severity) && contains(["email", "https", "sqs", "lambda"], s.protocol)])
    error_message = "A subscription is of severity page or ticket, by email, https, sqs or lambda."
  }

  validation {
    condition     = alltrue([for s in var.subscriptions : s.protocol != "https" || startswith(s.endpoint, "https://")])
    error_message = "An endpoint of protocol https begins with https://."
  }
}

variable "edge" {
  description = "What of the edge alarms are about."
  type        = object({ api = object({ name = string, stage = string }), web_acl_name = string, throttled_metric = string, link_balancer = string, link_target_group = string })
}

variable "service" {
  description = "What of the service alarms are about."
  type = object({
    balancer      = string
    target_groups = map(string)
    cluster_name  = string
    service_names = map(string)
    min_tasks     = map(number)
    log_namespace = string
  })
}

variable "redis" {
  description = "The namespace of Redis' metrics, and the dimensions of each node by its name."
  type        = object({ namespace = string, nodes = map(map(string)) })
}

variable "kafka" {
  description = "The cluster, its brokers, and the topic and group of the ledger."
  type        = object({ cluster_name = string, broker_ids = list(string), topic = string, consumer_group = string })
}

variable "database" {
  description = "The instance."
  type        = object({ identifier = string })
}

variable "thresholds" {
  description = "What is too much or too little, each with its unit."
  type = object({
    error_ratio                = number # 0 to 1, of all requests at the edge
    latency_p99_ms             = number
    balancer_errors_per_minute = number
    target_errors_per_minute   = number
    throttled_per_minute       = number
    blocked_per_minute         = number
    redis_memory_percent       = number
    redis_cpu_percent          = number
    redis_lag_seconds          = number
    kafka_disk_percent         = number
    lag_records                = number
    database_free_gib          = number
    database_free_memory_mib   = number
    database_connections       = number
    log_errors_per_minute      = number
  })

  validation {
    condition     = var.thresholds.error_ratio > 0 && var.thresholds.error_ratio < 1
    error_message = "A ratio of errors is between 0 and 1."
  }

  validation {
    condition     = alltrue([for percent in [var.thresholds.redis_memory_percent, var.thresholds.redis_cpu_percent, var.thresholds.kafka_disk_percent] : percent > 0 && percent < 100])
    error_message = "Percentages are between 0 and 100."
  }

  validation {
    condition     = alltrue([for threshold in values(var.thresholds) : threshold >= 0])
    error_message = "No threshold is below 0."
  }
}
