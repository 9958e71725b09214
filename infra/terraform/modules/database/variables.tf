variable "name" {
  description = "What everything here is named after."
  type        = string
}

variable "account_id" {
  description = "The account, 12 digits."
  type        = string
}

variable "partition" {
  description = "The partition of the region."
  type        = string
}

variable "engine_version" {
  description = "Major version of PostgreSQL; minor ones come by themselves in the maintenance window."
  type        = string

  validation {
    condition     = can(regex("^1[5-9]$", var.engine_version))
    error_message = "The version of PostgreSQL is a major one from 15 on."
  }
}

variable "instance_class" {
  description = "Class of the instance, such as db.m7g.large."
  type        = string

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "Classes of instances begin with db."
  }
}

variable "port" {
  description = "The port."
  type        = number
}

variable "storage_gib" {
  description = "Disk at first, GiB, 20 to 65536."
  type        = number

  validation {
    condition     = var.storage_gib >= 20 && var.storage_gib <= 65536
    error_message = "The disk has 20 to 65536 GiB."
  }
}

variable "max_storage_gib" {
  description = "Disk at most, GiB, to which it grows by itself; at least a tenth more than at first."
  type        = number

  validation {
    condition     = var.max_storage_gib >= var.storage_gib * 1.1
    error_message = "The disk must be allowed to grow by a tenth at least."
  }
}

variable "password" {
  description = "The password. Ephemeral, never stored."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "password_version" {
  description = "Raised when the password is another one."
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
  description = "The key that disk, backups and insights are encrypted by."
  type        = string
}

variable "backup_retention_days" {
  description = "How many days backups are kept, and so how far one can go back to any second; 1 to 35."
  type        = number

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "Backups are kept for 1 to 35 days."
  }
}

variable "backup_window" {
  description = "When backups are made each day, UTC, such as 01:00-02:00."
  type        = string
}

variable "maintenance_window" {
  description = "When AWS may maintain, UTC, such as sun:03:00-sun:04:00."
  type        = string
}

variable "deletion_protection" {
  description = "Whether it can be deleted only after this was turned off; then a last snapshot and the backups stay."
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
