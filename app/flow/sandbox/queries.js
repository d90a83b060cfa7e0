return library
