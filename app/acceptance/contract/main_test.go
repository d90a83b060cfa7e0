// Package contract holds what every kind and every route promises by being declared. It knows them by the list of routes and
// by the OpenAPI document alone, so that a new kind is tested by being there.
package contract

import (
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m, catalogue.Sample) }
