package resource

import (
	"time"

	"zygo/app/fault"
)

// recentProof is for how long somebody who showed who they are is taken for the same person at the keyboard.
const recentProof = 10 * time.Minute

// Recent is the detail of the refusal that RequireRecent gives: proving oneself again is all that it takes.
type Recent struct {
	Recent bool `json:"recent"`
}

// RequireRecent refuses a sensitive act of somebody who last showed who they are too long ago.
func (s *Session) RequireRecent() error {
	if s.system || s.Now.Sub(s.ProvedAt) <= recentProof {
		return nil
	}
	return fault.New(fault.MFARequired, "This needs a fresh proof of who you are. Give your password or a code, then repeat it.").With(Recent{true})
}
