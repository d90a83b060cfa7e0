package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/database"
	"zygo/app/flow/format"
	"zygo/app/value"
)

// Data asks a database, once per item.
type Data struct {
	Source     DataSource  `z:"default=postgres,literal,label=Database"`
	URL        field.Exact `z:"max=2000,secrets,label=Address,when=source:postgres|mysql,help=A secret such as {{ $secrets.DATABASE }}, which holds postgres://user:password@db.example.com/name or mysql://…"`
	File       value.Value `z:"default=data,when=source:sqlite,help=A file such as {{ $json.body.db }}, or the name of the field that holds it."`
	SQL        field.Code  `z:"required,max=100000,literal,label=Statement,help=With $1, $2 … (PostgreSQL) or ? (MySQL and SQLite) in the place of values. It holds no expressions."`
	Parameters []Bound     `z:"max=200,help=The values in their order."`
	Result     DataResult  `z:"default=rows,literal,when=source:postgres|mysql"`
	ReadOnly   bool        `z:"default=true,literal,when=source:postgres|mysql,help=The database refuses a statement that writes."`
	Most       int         `z:"default=1000,min=1,max=10000,label=Most rows,fold,help=The log of the step says when there were more."`
	Timeout    int         `z:"default=30,min=1,max=300,fold,literal,when=source:postgres|mysql,help=In seconds."`
}

// Bound is a value that a statement gets.
type Bound struct {
	Value value.Value `z:"help=Such as {{ $json.id }}. What is missing is NULL; a list is an array in PostgreSQL."`
}

// DataSource is a database.
type DataSource string

// Choices are the databases.
func (DataSource) Choices() []field.Choice {
	return []field.Choice{{Value: "postgres", Label: "PostgreSQL"}, {Value: "mysql", Label: "MySQL or MariaDB"},
		{Value: "sqlite", Label: "SQLite, in a file of the item"}}
}

// DataResult is what a statement gives.
type DataResult string

// Choices are the results.
func (DataResult) Choices() []field.Choice {
	return []field.Choice{{Value: "rows", Label: "Rows, an item for each"}, {Value: "changed", Label: "The number of changed rows"}}
}

func data() *Type {
	return Declare(Type{
		Name: "data", Version: 1, Category: "integration", Title: "Ask a database", Icon: "database", Repeat: Never,
		Help: "Runs one statement in PostgreSQL, MySQL, MariaDB or an SQLite file, with values that are bound and never become SQL.",
	}, runData)
}

// Repeat says that only a statement that can't write may run again by itself.
func (p *Data) Repeat() Repeat {
	if p.ReadOnly || p.Source == "sqlite" {
		return SafeWithKey
	}
	return Never
}

// CheckWritten refuses expressions within a statement and passwords in the clear. What an expression gives is empty here.
func (p *Data) CheckWritten() error {
	if strings.Contains(string(p.SQL), "{{") {
		return fault.InvalidField("sql", "holds an expression, whose value could become SQL. Write $1 (PostgreSQL) or ? (MySQL and SQLite) in its place, and give the value under Parameters")
	}
	if p.Source == "sqlite" {
		if err := format.CheckQuery(string(p.SQL)); err != nil {
			return fault.InvalidField("sql", "%s", err)
		}
		return nil
	}
	if p.URL != "" {
		if database.HasPassword(string(p.URL)) {
			return fault.InvalidField("url", "holds a password that every reader of the workflow would see. Keep the address in a secret")
		}
		if err := database.CheckAddress(string(p.URL)); err != nil {
			return fault.InvalidField("url", "%s", err)
		}
	}
	return nil
}

// Check refuses a database without an address.
func (p *Data) Check() error {
	if p.Source != "sqlite" && p.URL == "" {
		return fault.InvalidField("url", "is required")
	}
	return nil
}

func runData(ctx context.Context, c *Call, parameters func(int) (*Data, error)) (Result, error) {
	var open connections
	defer open.close()
	return c.each(ctx, func(i int) ([]value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return nil, err
		}
		given := make([]value.Value, len(p.Parameters))
		for n, one := range p.Parameters {
			given[n] = one.Value
		}
		if p.Source == "sqlite" {
			return c.askFile(ctx, p, given, c.Items[i].JSON)
		}
		connection, err := open.to(ctx, c, string(p.URL))
		if err != nil {
			return nil, databaseError(err)
		}
		answer, err := connection.Ask(ctx, database.Statement{
			SQL:        string(p.SQL),
			Parameters: given,
			ReadOnly:   p.ReadOnly,
			Count:      p.Result == "changed",
			Most:       p.Most,
			Time:       time.Duration(p.Timeout) * time.Second,
		})
		switch {
		case err != nil:
			return nil, databaseError(err)
		case p.Result == "changed":
			members := []value.Member{{Key: "changed", Value: value.Int(answer.Changed)}}
			if !answer.ID.IsMissing() {
				members = append(members, value.Member{Key: "id", Value: answer.ID})
			}
			return []value.Value{value.Object(members...)}, nil
		case answer.More:
			c.Log(fmt.Sprintf("There were more than %d rows.", p.Most))
		}
		return answer.Rows, nil
	})
}

// askFile asks a database in a file.
func (c *Call) askFile(ctx context.Context, p *Data, given []value.Value, item value.Value) ([]value.Value, error) {
	room := c.carried()
	defer room.Reset()
	file, err := oneFile("file", p.File, item, room)
	if err != nil {
		return nil, err
	}
	rows, err := c.document(ctx, format.Options{
		As:         format.SQLite,
		SQL:        string(p.SQL),
		Parameters: given,
		Most:       min(p.Most+1, format.MostRows), // one more tells that there are more
	}, file.Body)
	if len(rows) > p.Most {
		c.Log(fmt.Sprintf("There were more than %d rows.", p.Most))
		rows = rows[:p.Most]
	}
	var wrong *format.Error
	if errors.As(err, &wrong) {
		err = &Error{Code: "DATABASE", Message: fmt.Sprintf("%.100q can't be asked: %s.", file.Name, wrong.Message)}
	}
	return rows, err
}

// connections keeps the last connection of a run, because most items ask the same database.
type connections struct {
	last    database.Connection
	address string
}

func (o *connections) to(ctx context.Context, c *Call, address string) (database.Connection, error) {
	if o.last != nil && o.address == address && o.last.IsUsable() {
		return o.last, nil
	}
	o.close()
	next, err := database.Open(ctx, c.Services.HTTP, address)
	if err != nil {
		return nil, err
	}
	o.last, o.address = next, address
	return next, nil
}

func (o *connections) close() {
	if o.last != nil {
		o.last.Close()
		o.last = nil
	}
}

// databaseError is the failure of an item.
func databaseError(err error) error {
	var failed *database.Error
	if !errors.As(err, &failed) {
		return err
	}
	code := "DATABASE"
	if failed.Refused {
		code = "ADDRESS_REFUSED"
	}
	return &Error{Code: code, Message: failed.Message, Retryable: failed.Retryable}
}
