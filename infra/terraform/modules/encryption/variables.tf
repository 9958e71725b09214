variable "name" {
  description = "What everything here is named after; also the name of the ECS cluster whose tasks' disks the key is for."
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
  description = "The partition of the region: aws, aws-cn or aws-us-gov."
  type        = string
}
