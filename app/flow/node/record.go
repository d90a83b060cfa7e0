package node

import (
	"context"
	"fmt"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Record reads and changes records of the organization, once per item.
type Record struct {
	Kind      string          `z:"required,max=64,literal,help=What the record is, such as incident, asset or runbook: the word before the point in the name of an event."`
	Operation RecordOperation `z:"default=list,literal"`
	ID        string          `z:"max=64,when=operation:get|update|delete|act,help=Of the record, such as {{ $json.id }}."`
	Action    string          `z:"max=64,literal,when=operation:act,help=Such as acknowledge: the last word of the address in the API."`
	Parent    string          `z:"max=64,fold,help=The id of the record that it stands below, such as the incident of an entry. Empty for most kinds."`
	Values    []RecordValue   `z:"max=100,when=operation:create|update|act,help=The fields as the API names them. The others stay as they are."`
	Filters   []RecordFilter  `z:"max=20,when=operation:list"`
	Search    string          `z:"max=200,when=operation:list,help=Words that the record holds."`
	Order     field.Exact     `z:"max=64,fold,when=operation:list,help=A field, with - before it to begin with the highest. The newest come first when empty."`
	Most      int             `z:"default=100,min=1,max=10000,when=operation:list,label=Most records,help=The log of the step says when there were more."`
}

// RecordValue is a field and what it becomes.
type RecordValue struct {
	Name  field.Exact `z:"required,max=64"`
	Value value.Value `z:"help=A text, a number, true or false, or a list. What is missing empties the field."`
}

// RecordFilter compares a field of the records.
type RecordFilter struct {
	Field    field.Exact    `z:"required,max=64"`
	Operator RecordOperator `z:"default=eq,short,literal"`
	Value    string         `z:"max=2000,help=Nothing stands for records in which the field is empty."`
}

// RecordOperation is what is done with records.
type RecordOperation string

// Choices are the operations.
func (RecordOperation) Choices() []field.Choice {
	return []field.Choice{{Value: "list", Label: "Find records, an item for each"}, {Value: "get", Label: "Get one record"},
		{Value: "create", Label: "Create a record"}, {Value: "update", Label: "Change a record"},
		{Value: "delete", Label: "Delete a record"}, {Value: "act", Label: "Do something with a record"}}
}

// RecordOperator compares.
type RecordOperator string

// Choices are the operators of the API's lists.
func (RecordOperator) Choices() []field.Choice {
	return []field.Choice{{Value: "eq", Label: "is"}, {Value: "not", Label: "is not"}, {Value: "gt", Label: "is greater than"},
		{Value: "gte", Label: "is at least"}, {Value: "lt", Label: "is less than"}, {Value: "lte", Label: "is at most"}}
}

// Records are the records of the organization, within the rights of the person for whom the workflow acts.
type Records interface {
	// Do carries out one request. The key names its effect: the same key has it once. More tells that a list holds more.
	Do(ctx context.Context, request *Record, key string) (records []value.Value, more bool, err error)
}

func record() *Type {
	return Declare(Type{
		Name: "record", Version: 1, Category: "operations", Title: "Work with records", Icon: "database", Repeat: SafeWithKey,
		Help: "Finds, reads, creates, changes and deletes records of your organization, such as incidents, with the rights of the person " +
			"who published the workflow.",
	}, runRecord)
}

// Check refuses an operation that lacks something.
func (p *Record) Check() error {
	if p.ID == "" && slices.Contains([]RecordOperation{"get", "update", "delete", "act"}, p.Operation) {
		return fault.InvalidField("id", "is required")
	}
	if p.Operation == "act" && p.Action == "" {
		return fault.InvalidField("action", "is required")
	}
	return nil
}

// RecordOf gives the settings of a node that works with records, as far as no expression gives them.
func RecordOf(n *Node) (*Record, bool) {
	p, ok := n.fixed.(*Record)
	return p, ok
}

func runRecord(ctx context.Context, c *Call, parameters func(int) (*Record, error)) (Result, error) {
	return c.each(ctx, func(i int) ([]value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return nil, err
		}
		found, more, err := c.Records.Do(ctx, p, fmt.Sprintf("%s:%d", c.Key, i))
		if more {
			c.Log(fmt.Sprintf("There were more than %d records.", p.Most))
		}
		return found, err
	})
}
