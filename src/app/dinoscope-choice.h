#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Which of row's choices is selected. The first where none is, which no hand can do,
 * but assistive programs and scripts can. */
guint dinoscope_choice_get (AdwComboRow *row);

G_END_DECLS
