package web

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
)

// FieldErrors are the sentences beside the fields of an invalid form, by field; nil for any other error.
func FieldErrors(err error) map[string]string {
	invalid, ok := fault.As(err)
	if !ok {
		return nil
	}
	list, ok := invalid.Details.([]fault.Field)
	if !ok {
		return nil
	}
	errors := map[string]string{}
	for _, one := range list {
		errors[one.Field] = one.Message
	}
	return errors
}

// Sentence joins what a field is called and what is wrong with it: "Name is required."
func Sentence(label, message string) string {
	return strings.TrimSuffix(strings.TrimSpace(label+" "+message), ".") + "."
}

// IsStale tells whether an act was refused for want of a recent proof.
func IsStale(err error) bool {
	f, ok := fault.As(err)
	_, recent := DetailsOf(f, ok).(fault.Recent)
	return recent
}

// DetailsOf are the details of a fault, nil where an error is none.
func DetailsOf(f *fault.Error, ok bool) any {
	if !ok {
		return nil
	}
	return f.Details
}

// Lower is a label as it stands within a sentence.
func Lower(label string) string { return field.Lower(label) }
