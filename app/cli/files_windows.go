package cli

// restrictFiles has nothing to do: files inherit the folder's access list.
func restrictFiles() {}
