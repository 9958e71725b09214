variable "name" {
  description = "What everything here is named after; 1 to 23 characters, since a load balancer's name has 32 at most."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}$", var.name))
    error_message = "A name is 1 to 23 lower-case letters, digits and hyphens."
  }
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

variable "image" {
  description = "The image of both roles in ECR, by digest or by a tag that is not moved."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9._/-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest")
    error_message = "The image is in ECR and has a digest or a tag other than latest: <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>."
  }
}

variable "cpu_architecture" {
  description = "X86_64 or ARM64: what the image was built on."
  type        = string

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "The architecture is X86_64 or ARM64."
  }
}

variable "api" {
  description = "Tasks of the role api: CPU units (1024 for one), memory (MiB), how many at least and at most, and how many requests a minute each should get."
  type = object({
    cpu                 = number
    memory              = number
    min_tasks           = number
    max_tasks           = number
    requests_per_minute = number
  })

  validation {
    # below two CPUs the Java virtual machine would take another collector than the one that is named and cached
    condition     = var.api.cpu >= 2048 && var.api.memory >= 4096
    error_message = "A task of the role api has at least 2048 CPU units and 4096 MiB."
  }

  validation {
    condition     = var.api.min_tasks >= 2 && var.api.min_tasks <= var.api.max_tasks
    error_message = "There are at least two tasks of the role api, and no fewer at most than at least."
  }

  validation {
    condition     = var.api.requests_per_minute >= 1
    error_message = "A task of the role api gets at least one request a minute."
  }
}

variable "consumer" {
  description = "Tasks of the role consumer: CPU units, memory (MiB), how many at least and at most, and how many records may wait in Kafka until there is one more."
  type = object({
    cpu         = number
    memory      = number
    min_tasks   = number
    max_tasks   = number
    lag_records = number
  })

  validation {
    condition     = var.consumer.cpu >= 1024 && var.consumer.memory >= 2048
    error_message = "A task of the role consumer has at least 1024 CPU units and 2048 MiB."
  }

  validation {
    condition     = var.consumer.min_tasks >= 2 && var.consumer.min_tasks <= var.consumer.max_tasks && var.consumer.max_tasks <= var.kafka.partitions
    error_message = "There are at least two tasks of the role consumer, and at most as many as partitions, since one more would have nothing to do."
  }

  validation {
    condition     = var.consumer.lag_records >= 10
    error_message = "At least ten records wait before the role consumer scales."
  }
}

variable "openings" {
  description = "When drops open: by what time there must be how many tasks of the role api, and when that is over. Times are at(yyyy-mm-ddThh:mm:ss), once and in UTC, or cron(…), in a time zone."
  type = list(object({
    name      = string
    at        = string
    back      = string
    min_tasks = number
    timezone  = optional(string, "UTC")
  }))

  validation {
    condition     = length(distinct([for o in var.openings : o.name])) == length(var.openings) && alltrue([for o in var.openings : can(regex("^[a-z0-9][a-z0-9-]{0,63}$", o.name))])
    error_message = "Each opening has a name of its own, of lower-case letters, digits and hyphens."
  }

  validation {
    condition = alltrue([
      for o in var.openings : (
        can(regex("^at\\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)$", o.at)) && startswith(o.back, "at(")
        ? can(timecmp("${substr(o.at, 3, 19)}Z", "${substr(o.back, 3, 19)}Z"))
        : alltrue([for schedule in [o.at, o.back] : can(regex("^cron\\([^() ]+( [^() ]+){5}\\)$", schedule))])
      )
    ])
    error_message = "The times of an opening are both at(yyyy-mm-ddThh:mm:ss) or both cron(…) with six fields."
  }

  validation {
    condition = alltrue([
      for o in var.openings : try(timecmp("${substr(o.at, 3, 19)}Z", "${substr(o.back, 3, 19)}Z") < 0, true) && o.at != o.back
    ])
    error_message = "An opening is over after it has begun."
  }

  validation {
    condition     = alltrue([for o in var.openings : startswith(o.at, "cron(") || o.timezone == "UTC"])
    error_message = "at(…) is in UTC; only cron(…) may have a time zone."
  }

  validation {
    condition     = alltrue([for o in var.openings : o.min_tasks >= var.api.min_tasks && o.min_tasks <= var.api.max_tasks])
    error_message = "An opening has no fewer tasks than there always are, and no more than there may be."
  }
}

variable "ports" {
  description = "Ports by what they are for: https and operators of the load balancer, http and management of a task."
  type        = object({ https = number, operators = number, http = number, management = number })
}

variable "stop_seconds" {
  description = "How long a task may take to stop, s, 45 to 120; the service's own bounds take 45."
  type        = number

  validation {
    condition     = var.stop_seconds >= 45 && var.stop_seconds <= 120
    error_message = "A task may take 45 to 120 s to stop."
  }
}

variable "environment" {
  description = "Further properties of the service, as environment variables, for both roles. No secrets."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Z][A-Z0-9_]*$", name)) && !can(regex("PASSWORD|SECRET|DATASOURCE|JAAS|TLS|TRUSTEDPROXIES|IDENTITY|PROFILES", name))])
    error_message = "Environment variables are upper-case. Secrets, the database, TLS, proxies, identity and profiles are not said here."
  }
}

variable "tokens" {
  description = "Whose tokens are believed: what they say in iss, where the keys are, and whom they are for."
  type        = object({ issuer_uri = string, jwk_set_uri = string, audiences = list(string) })

  validation {
    condition     = startswith(var.tokens.jwk_set_uri, "https://") && var.tokens.issuer_uri != "" && length(var.tokens.audiences) > 0
    error_message = "Tokens have an issuer, keys at https://…, and an audience."
  }
}

variable "topic" {
  description = "The topic of issued coupons."
  type        = string
}

variable "consumer_group" {
  description = "The group by which the ledger is fed; spring.kafka.consumer.group-id."
  type        = string
}

variable "redis" {
  description = "A node, the user of each role, and how many replicas must have a winner before he is told."
  type        = object({ node = string, users = map(string), replicas_to_await = number })
}

variable "kafka" {
  description = "The cluster, where clients begin, and what topics are to have."
  type        = object({ cluster_name = string, bootstrap_servers = string, partitions = number, replicas = number, min_insync_replicas = number })
}

variable "database" {
  description = "Where the database is, whom the consumer role is to it, and the certificates (PEM) by which it is known."
  type        = object({ address = string, port = number, name = string, user = string, certificates = string })
}

variable "secret_arns" {
  description = "Secrets by name: redis-api, redis-consumer, kafka-api, kafka-consumer, database."
  type        = map(string)
}

variable "secrets_version" {
  description = "Raised when the secrets are others, so that there are new tasks."
  type        = number
}

variable "secrets_key_arn" {
  description = "The key that secrets are encrypted by."
  type        = string
}

variable "data_key_id" {
  description = "The key that the disks of tasks are encrypted by."
  type        = string
}

variable "log_key_arn" {
  description = "The key that logs are encrypted by."
  type        = string
}

variable "log_retention_days" {
  description = "How many days logs are kept, those of the load balancer included."
  type        = number
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "task_subnet_ids" {
  description = "Subnets of the tasks."
  type        = list(string)
}

variable "balancer_subnet_ids" {
  description = "Subnets of the load balancer."
  type        = list(string)
}

variable "trusted_proxies" {
  description = "Addresses of the load balancers, whose X-Forwarded-For is believed."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Security groups by what they are of: alb, api, consumer."
  type        = map(string)
}

variable "certificate_arn" {
  description = "The certificate of the internal name."
  type        = string
}

variable "internal_domain_name" {
  description = "The load balancer's name inside of the VPC."
  type        = string
}

variable "deletion_protection" {
  description = "Whether the load balancer, and a bucket that is not empty, can be deleted only after this was turned off."
  type        = bool
}
