variable "name" {
  description = "What everything here is named after."
  type        = string
}

variable "account_id" {
  description = "The account, 12 digits."
  type        = string
}

variable "kafka_version" {
  description = "Version as MSK names it, such as 3.9.x.kraft."
  type        = string

  validation {
    condition     = can(regex("^[3-9]\\.[0-9]+\\.[0-9x]+(\\.kraft)?$", var.kafka_version))
    error_message = "The version of Kafka is one of MSK's names, such as 3.9.x.kraft."
  }
}

variable "instance_type" {
  description = "Type of the brokers, such as kafka.m7g.large."
  type        = string

  validation {
    condition     = startswith(var.instance_type, "kafka.")
    error_message = "Types of brokers begin with kafka."
  }
}

variable "volume_gib" {
  description = "Disk of each broker at first, GiB, 10 to 16384."
  type        = number

  validation {
    condition     = var.volume_gib >= 10 && var.volume_gib <= 16384
    error_message = "A broker's disk has 10 to 16384 GiB."
  }
}

variable "max_volume_gib" {
  description = "Disk of each broker at most, GiB, to which it grows by itself."
  type        = number

  validation {
    condition     = var.max_volume_gib >= var.volume_gib && var.max_volume_gib <= 16384
    error_message = "A broker's disk grows, to 16384 GiB at most."
  }
}

variable "partitions" {
  description = "Partitions of a topic, where who makes it does not say."
  type        = number
}

variable "retention_hours" {
  description = "How many hours records are kept, 24 to 8760: longer than the longest outage of the database that is planned for."
  type        = number

  validation {
    condition     = var.retention_hours >= 24 && var.retention_hours <= 8760
    error_message = "Records are kept for 24 to 8760 hours."
  }
}

variable "acls_required" {
  description = "Whether a user may do only what an ACL allows. Turn it on once there are some: see the README."
  type        = bool
}

variable "subnet_ids" {
  description = "Subnets, one in each of three zones."
  type        = list(string)
}

variable "security_group_id" {
  description = "The security group."
  type        = string
}

variable "key_arn" {
  description = "The key that disks are encrypted by."
  type        = string
}

variable "user_secret_arns" {
  description = "Secrets with user and password, by role."
  type        = map(string)
}

variable "log_retention_days" {
  description = "How many days logs are kept."
  type        = number
}

variable "log_key_arn" {
  description = "The key that logs are encrypted by."
  type        = string
}
