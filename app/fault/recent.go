package fault

// Recent is the detail of the refusal of somebody who last showed who they are too long ago.
type Recent struct {
	Recent bool `json:"recent"`
}

// ProofNeeded refuses a sensitive act: proving oneself again is all that it takes.
func ProofNeeded() *Error {
	return New(MFARequired, "This needs a fresh proof of who you are. Give your password or a code, then repeat it.").With(Recent{true})
}
