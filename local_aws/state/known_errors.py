"""AWS's errors by code: the HTTP status and the words they come with, as people have reported them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """An error of AWS: its code and message, and the HTTP status it comes with."""

    code: str
    message: str
    status: int = 400


# Errors about what a call asks for: AWS finds them only after it has answered a DryRun.
_ABOUT_THE_REQUEST = (
    # HTTP 500 for an answer: botocore repeats it (galaxyproject/cloudman#64, nib-health-funds/hammertime#29).
    Refusal("InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.", 500),
    Refusal("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded"),
    Refusal(
        "Unsupported",
        "The requested configuration is currently not supported. Please check the documentation for supported "
        "configurations.",
    ),
    Refusal(
        "InvalidParameterCombination",
        "Non-Windows instances with a virtualization type of 'hvm' are currently not supported for this instance type.",
    ),
    Refusal("InvalidAMIID.NotFound", "AMI information not found."),
    Refusal("VPCIdNotSpecified", "No default VPC for this user"),
    Refusal("MissingInput", "No subnets found for the default VPC 'vpc-0123456789abcdef0'. Please specify a subnet."),
    Refusal(
        "OperationNotPermitted",
        "The instance '{id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try "
        "again.",
    ),
    Refusal("IncorrectInstanceState", "The instance '{id}' is not in a state from which it can be terminated."),
    Refusal(
        "IncorrectSpotRequestState",
        "The Spot Instance request '{id}' is not in a state from which it can be cancelled.",
    ),
    Refusal("InvalidInstanceID.NotFound", "The instance ID '{id}' does not exist"),
    Refusal("InvalidSpotInstanceRequestID.NotFound", "The spot instance request ID '{id}' does not exist"),
)

# Errors about the caller, the account or the endpoint: a DryRun meets them too.
_ABOUT_THE_CALLER = (
    Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    Refusal(
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
        "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
        403,
    ),
    Refusal("RequestExpired", "Request has expired."),
    Refusal("ExpiredToken", "The security token included in the request is expired"),
    Refusal("ExpiredTokenException", "The security token included in the request is expired"),
    Refusal("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    Refusal("UnrecognizedClientException", "The security token included in the request is invalid."),
    Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
    Refusal(
        "PendingVerification",
        "Your request for accessing resources in this region is being validated, and you will not be able to launch "
        "additional resources in this region until the validation is complete. We will notify you by email once your "
        "request has been validated. While normally resolved within minutes, please allow up to 4 hours for this "
        "process to complete. If the issue still persists, please let us know by writing to "
        "aws-verification@amazon.com for further assistance.",
    ),
    Refusal(
        "Blocked",
        "This account is currently blocked and not recognized as a valid account. Please contact "
        "aws-verification@amazon.com if you have questions.",
    ),
    Refusal(
        "OptInRequired",
        "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
        401,
    ),
    Refusal("UnsupportedOperation", "The functionality you requested is not available in this region."),
    Refusal("RequestLimitExceeded", "Request limit exceeded.", 503),
    Refusal("ServiceUnavailable", "The service is unavailable. Please try again shortly.", 503),
    Refusal("InternalError", "An internal error has occurred", 500),
)

KNOWN = {refusal.code: refusal for refusal in _ABOUT_THE_REQUEST + _ABOUT_THE_CALLER}
ABOUT_THE_REQUEST = frozenset(refusal.code for refusal in _ABOUT_THE_REQUEST)
