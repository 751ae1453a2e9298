/* Macros of libraries that cppcheck's own descriptions lack, for cppcheck alone. */
#define G_GNUC_PRINTF(format, arguments)
#define G_DEFINE_ENUM_TYPE(...)
#define json_array_foreach(array, index, value) for (index = 0; index < json_array_size (array) && (value = json_array_get (array, index)) != NULL; index++)
