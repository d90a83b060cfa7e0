// Package operators is what the operators of an instance do with its users and organizations: in the console while it runs, and
// on the command line, where anyone who controls the data directory may do all. Start with accounts.go, then command.go.
package operators

import (
	"slices"

	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Service sees to users and organizations of the whole instance.
type Service struct {
	kernel      *resource.Kernel
	sessions    *sessions.Service
	credentials *credentials.Service
	members     *members.Service
}

// New serves the operators of an instance.
func New(kernel *resource.Kernel, sessions *sessions.Service, credentials *credentials.Service, members *members.Service) *Service {
	return &Service{kernel: kernel, sessions: sessions, credentials: credentials, members: members}
}

// Operations are what operators do in the console.
func (a *Service) Operations() []operation.Operation {
	return slices.Concat(a.accountOperations(), a.organizationOperations())
}
