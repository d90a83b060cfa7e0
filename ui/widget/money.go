package widget

import (
	"reflect"
	"strings"

	"zygo/app/field"
	"zygo/ui/markup"
)

var money = Widget{
	Input:   markup.FieldText,
	Right:   true,
	Example: "12.50 EUR",
	Cell:    func(_ Shown, value any) markup.Cell { return TextCell(moneyWords(value.(field.Money))) },
	Words: func(_ *field.Field, value reflect.Value, _ markup.Viewer) string {
		return moneyWords(value.Interface().(field.Money))
	},
}

// moneyWords groups the thousands of an amount: "1,250.00 EUR".
func moneyWords(money field.Money) string {
	amount, currency, _ := strings.Cut(money.String(), " ")
	whole, fraction, broken := strings.Cut(strings.TrimPrefix(amount, "-"), ".")
	words := markup.GroupThousands(whole)
	if broken {
		words += "." + fraction
	}
	if money.Amount < 0 {
		words = "-" + words
	}
	return strings.TrimSpace(words + " " + currency)
}
