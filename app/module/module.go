// Package module is what one area brings to an instance: an area is one folder, and one line in the list of modules.
package module

import (
	"zygo/app/operation"
	"zygo/app/resource"
)

// Module is one area.
type Module struct {
	// Declarations are what the kernel keeps of it.
	resource.Module
	Operations []operation.Operation
}

// Kernel are the parts that the kernel needs, in the order of the modules.
func Kernel(all []Module) []resource.Module {
	parts := make([]resource.Module, len(all))
	for i, m := range all {
		parts[i] = m.Module
	}
	return parts
}

// Operations are those of all modules.
func Operations(all []Module) []operation.Operation {
	var operations []operation.Operation
	for _, m := range all {
		operations = append(operations, m.Operations...)
	}
	return operations
}
