#include "app/dinoscope-choice.h"

guint
dinoscope_choice_get (AdwComboRow *row)
{
  const guint selected = adw_combo_row_get_selected (row);

  return selected != GTK_INVALID_LIST_POSITION ? selected : 0;
}
