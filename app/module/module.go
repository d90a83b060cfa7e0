// Package module is what one area brings to an instance: an area is one folder, and one line in the list of modules. What a Module
// declares here and in resource.Module is all that the rest of Zygo knows of the area. Start with Module.
package module

import (
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/jobs"
)

// Module is one area.
type Module struct {
	// Declarations are what the kernel keeps of it.
	resource.Module
	Operations []operation.Operation
	// Needs names the tables and kinds of others that its SQL reads. A test holds it to that.
	Needs []string
	// Jobs is work that needs nothing of an instance but its kernel; nil for none.
	Jobs func(k *resource.Kernel) []jobs.Work
	// Home are its blocks on the page that people begin at.
	Home []HomeBlock
}

// Kernel are the parts that the kernel needs, in the order of the modules.
func Kernel(all []Module) []resource.Module {
	parts := make([]resource.Module, len(all))
	for i, m := range all {
		parts[i] = m.Module
	}
	return parts
}

// Jobs is the work of all modules.
func Jobs(all []Module, k *resource.Kernel) []jobs.Work {
	var works []jobs.Work
	for _, m := range all {
		if m.Jobs != nil {
			works = append(works, m.Jobs(k)...)
		}
	}
	return works
}

// Operations are those of all modules.
func Operations(all []Module) []operation.Operation {
	var operations []operation.Operation
	for _, m := range all {
		operations = append(operations, m.Operations...)
	}
	return operations
}
