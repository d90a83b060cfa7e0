// Package sessions is who is signed in: the session of a browser, the tokens of any other client, and how a request finds its
// person. Start with session.go, then recognize.go.
package sessions

import (
	"time"

	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{sessions, refreshTokens, signingKeys}

// Options are the limits of sessions.
type Options struct {
	// Idle ends sessions that are unused for this long. Absolute is the longest that a session can last.
	Idle, Absolute time.Duration
}

// Service opens sessions and recognizes the people behind them.
type Service struct {
	kernel   *resource.Kernel
	tenants  *tenants.Service
	settings Options
	signing  signing
}

// New serves the sessions of an instance.
func New(kernel *resource.Kernel, tenants *tenants.Service, settings Options) *Service {
	return &Service{kernel: kernel, tenants: tenants, settings: settings}
}
