"""AWS seen from outside: a local stand-in that unmodified boto3 and the AWS CLI can talk to."""
