// Package records tests what people do with the rows of any kind: lists, forms, search, saved views, files, tables in and out.
package finding

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
