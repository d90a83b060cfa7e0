package identity

import (
	"slices"

	"zygo/app/operation"
)

// Operations are what people do with accounts and organizations. The list itself needs nothing of an instance.
func (a *Accounts) Operations() []operation.Operation {
	return slices.Concat(a.SignIn.Operations(), a.Accounts.Operations(),
		a.Credentials.Operations(), a.Members.Operations(), a.operatorOperations(), a.operatorTenantOperations())
}
