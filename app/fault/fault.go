// Package fault holds the errors that a person may read. Every other error is an internal one: its text goes to the
// log and the caller sees a constant sentence. A fault knows nothing of HTTP; the edges turn its code into a status.
//
// The codes are those of the API's error envelope, so that one word names an error in Go, JSON, pages and docs.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Code names a class of error, as it stands in the envelope's "code".
type Code string

// The codes that the API answers. The status that belongs to each stands in one table of the edge.
const (
	BadRequest       Code = "BAD_REQUEST"
	Unauthenticated  Code = "UNAUTHENTICATED"
	MFARequired      Code = "MFA_REQUIRED"
	QuotaExceeded    Code = "QUOTA_EXCEEDED"
	Forbidden        Code = "FORBIDDEN"
	FeatureRestrict  Code = "FEATURE_RESTRICTED"
	NotFound         Code = "NOT_FOUND"
	MethodNotAllowed Code = "METHOD_NOT_ALLOWED"
	Conflict         Code = "CONFLICT"
	Stale            Code = "STALE"
	TooLarge         Code = "TOO_LARGE"
	UnsupportedMedia Code = "UNSUPPORTED_MEDIA"
	Invalid          Code = "INVALID"
	RateLimited      Code = "RATE_LIMITED"
	Internal         Code = "INTERNAL"
	Unavailable      Code = "UNAVAILABLE"
)

// Field is one thing wrong with one named input; a form shows Message beside the field.
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is a fault: a code, a sentence that a person can act on, and what only the log may see.
type Error struct {
	Code    Code
	Message string
	// Details is encoded as the envelope's "details": a []Field for Invalid, else a map or struct, or nil.
	Details any
	// RetryAfter is how long a rate-limited or unavailable caller should wait, zero when unknown.
	RetryAfter time.Duration
	cause      error
}

// Error gives the code, the sentence and the cause: text for the log, never for an answer.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Unwrap gives the hidden cause.
func (e *Error) Unwrap() error { return e.cause }

// New makes a fault with a formatted sentence.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Because gives the fault a cause that only the log sees.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// With sets the details.
func (e *Error) With(details any) *Error {
	e.Details = details
	return e
}

// InvalidField is an Invalid fault about one field.
func InvalidField(field, format string, args ...any) *Error {
	return InvalidFields([]Field{{Field: field, Message: fmt.Sprintf(format, args...)}})
}

// InvalidFields is an Invalid fault about several fields; fields must not be empty.
func InvalidFields(fields []Field) *Error {
	message := fields[0].Message
	if fields[0].Field != "" {
		message = fields[0].Field + ": " + message
	}
	if len(fields) > 1 {
		message = fmt.Sprintf("%d fields are not valid. %s", len(fields), message)
	}
	return &Error{Code: Invalid, Message: message, Details: fields}
}

// Together is what is wrong with several inputs in one fault, so that a form can show all of it at once. An error that is not
// about an input comes first and alone, and of an input what was found first; nil where nothing is wrong.
func Together(errs ...error) error {
	var wrong []Field
	for _, err := range errs {
		if err == nil {
			continue
		}
		invalid, ok := As(err)
		fields, listed := []Field(nil), false
		if ok {
			fields, listed = invalid.Details.([]Field)
		}
		if !listed {
			return err
		}
		for _, one := range fields {
			if !slices.ContainsFunc(wrong, func(other Field) bool { return other.Field == one.Field }) {
				wrong = append(wrong, one)
			}
		}
	}
	if wrong == nil {
		return nil
	}
	return InvalidFields(wrong)
}

// As finds the fault in err's chain.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}

// Is tells whether err is a fault of the given code.
func Is(err error, code Code) bool {
	f, ok := As(err)
	return ok && f.Code == code
}

// Public is the fault that a caller sees for err: the fault itself, or a constant internal error that hides err.
func Public(err error) *Error {
	if f, ok := As(err); ok {
		return f
	}
	return &Error{Code: Internal, Message: "Something went wrong on our side. The request id leads to the log line.", cause: err}
}
