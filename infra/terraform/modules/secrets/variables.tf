variable "name" {
  description = "What the secrets are named after."
  type        = string
}

variable "key_arn" {
  description = "The key they are encrypted by. MSK wants one of the account's own."
  type        = string
}

variable "secrets_version" {
  description = "Whole number; raise it by one to replace all passwords. Nothing else replaces them."
  type        = number
}

variable "recovery_window_days" {
  description = "How many days a secret that is deleted can be had back; 0, or 7 to 30."
  type        = number
}

variable "generate" {
  description = "Whether the passwords are made here. If not, `passwords` brings them."
  type        = bool
}

variable "passwords" {
  description = "Passwords by the name of their secret, where they are not made here. Never stored."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}
