#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DinoscopeParameterType:
 * @DINOSCOPE_PARAMETER_BOOL: b
 * @DINOSCOPE_PARAMETER_INT: i
 * @DINOSCOPE_PARAMETER_DOUBLE: d
 * @DINOSCOPE_PARAMETER_ENUM: s, one of the choices
 * @DINOSCOPE_PARAMETER_PATCH: row and column, (ii)
 * @DINOSCOPE_PARAMETER_PATCHES: rows and columns, a(ii)
 * @DINOSCOPE_PARAMETER_FILE: s: a path, "" for none
 *
 * What values a parameter has, and of which [struct@GLib.Variant] type.
 */
typedef enum
{
  DINOSCOPE_PARAMETER_BOOL,
  DINOSCOPE_PARAMETER_INT,
  DINOSCOPE_PARAMETER_DOUBLE,
  DINOSCOPE_PARAMETER_ENUM,
  DINOSCOPE_PARAMETER_PATCH,
  DINOSCOPE_PARAMETER_PATCHES,
  DINOSCOPE_PARAMETER_FILE
} DinoscopeParameterType;

#define DINOSCOPE_TYPE_PARAMETER (dinoscope_parameter_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeParameter, dinoscope_parameter, DINOSCOPE, PARAMETER, GObject)

/**
 * DinoscopeParameter:
 *
 * The description of one parameter of an overlay: from it rows of the panel
 * and options of the command line are made. Immutable.
 */

/**
 * dinoscope_parameter_new_bool:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 * @standard: the default
 *
 * Describes a switch.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_bool (const char *name, const char *title, gboolean standard);

/**
 * dinoscope_parameter_new_int:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 * @low: smallest value
 * @high: largest value
 * @standard: the default
 *
 * Describes a whole number.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_int (const char *name, const char *title, int low, int high, int standard);

/**
 * dinoscope_parameter_new_double:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 * @low: smallest value
 * @high: largest value
 * @standard: the default
 *
 * Describes a number.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_double (const char *name, const char *title, double low, double high, double standard);

/**
 * dinoscope_parameter_new_enum:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 * @choices: (array zero-terminated=1): the values
 * @choice_titles: (array zero-terminated=1): what they are called for people, as many
 * @standard: the default, one of @choices
 *
 * Describes a choice of words.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_enum (const char *name, const char *title, const char *const *choices, const char *const *choice_titles, const char *standard);

/**
 * dinoscope_parameter_new_patch:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 *
 * Describes a patch.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_patch (const char *name, const char *title);

/**
 * dinoscope_parameter_new_patches:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 *
 * Describes any number of patches.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_patches (const char *name, const char *title);

/**
 * dinoscope_parameter_new_file:
 * @name: a to z, 0 to 9 and hyphens
 * @title: what it is called for people
 *
 * Describes a file.
 *
 * Returns: (transfer full): the parameter
 */
DinoscopeParameter *dinoscope_parameter_new_file (const char *name, const char *title);

/**
 * dinoscope_parameter_set_optional:
 * @self: a new parameter
 * @optional: whether it may be absent from the values ("off")
 *
 * Lets a parameter be off; others take their default.
 */
void dinoscope_parameter_set_optional (DinoscopeParameter *self, gboolean optional);

/**
 * dinoscope_parameter_is_optional:
 * @self: a parameter
 *
 * Tells whether it may be absent from the values.
 *
 * Returns: %TRUE when it may
 */
gboolean dinoscope_parameter_is_optional (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_name:
 * @self: a parameter
 *
 * Gets its name in the values.
 *
 * Returns: (transfer none): "block"
 */
const char *dinoscope_parameter_get_name (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_title:
 * @self: a parameter
 *
 * Gets what it is called for people, translated.
 *
 * Returns: (transfer none): the title
 */
const char *dinoscope_parameter_get_title (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_parameter_type:
 * @self: a parameter
 *
 * Gets what values it has.
 *
 * Returns: the type
 */
DinoscopeParameterType dinoscope_parameter_get_parameter_type (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_range:
 * @self: a parameter that is a number
 * @low: (out): smallest value
 * @high: (out): largest value
 *
 * Gets what its values lie between.
 */
void dinoscope_parameter_get_range (DinoscopeParameter *self, double *low, double *high);

/**
 * dinoscope_parameter_get_choices:
 * @self: a parameter
 *
 * Gets the words to choose from.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the values;
 *   %NULL when it is no choice
 */
const char *const *dinoscope_parameter_get_choices (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_choice_titles:
 * @self: a parameter
 *
 * Gets what the words are called for people, translated.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the titles;
 *   %NULL when it is no choice
 */
const char *const *dinoscope_parameter_get_choice_titles (DinoscopeParameter *self);

/**
 * dinoscope_parameter_get_default:
 * @self: a parameter
 *
 * Gets the value that it has when nothing is said.
 *
 * Returns: (transfer none) (nullable): the value, never floating; %NULL when
 *   optional and off by default
 */
GVariant *dinoscope_parameter_get_default (DinoscopeParameter *self);

/**
 * dinoscope_parameter_check:
 * @self: a parameter
 * @value: a value
 * @error: return location for an error
 *
 * Checks type and range.
 *
 * Returns: %FALSE with @error set when it cannot have that value
 */
gboolean dinoscope_parameter_check (DinoscopeParameter *self, GVariant *value, GError **error);

/**
 * dinoscope_parameter_parse:
 * @self: a parameter
 * @text: "3", "true", "12:7", "12:7,13:8"; decimal point in every locale
 * @error: return location for an error
 *
 * Reads a value as the command line does, and checks it.
 *
 * Returns: (transfer full): the value; %NULL with @error set when it cannot have it
 */
GVariant *dinoscope_parameter_parse (DinoscopeParameter *self, const char *text, GError **error);

/**
 * dinoscope_parameters_complete:
 * @parameters: a list of [class@Dinoscope.Parameter]
 * @values: (nullable): a{sv}
 * @error: return location for an error
 *
 * Completes values with defaults and checks them; unknown names are errors.
 *
 * Returns: (transfer full): a{sv}, not floating; %NULL with @error set
 */
GVariant *dinoscope_parameters_complete (GListModel *parameters, GVariant *values, GError **error);

#define DINOSCOPE_TYPE_PARAMETER_TYPE (dinoscope_parameter_type_get_type ())
GType dinoscope_parameter_type_get_type (void);

G_END_DECLS
