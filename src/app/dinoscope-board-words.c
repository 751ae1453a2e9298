/* DinoscopeBoard: what tells its views apart, in words. */
#include "app/dinoscope-board-private.h"

typedef char *(*Describe) (DinoscopePage *page);

/* What each view has to say; NULL when all say the same. */
static GPtrArray *
describe_all (DinoscopeBoard *self, Describe describe)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gboolean              differ = FALSE;

  for (guint i = 0; i < self->cells->len; i++)
    {
      g_ptr_array_add (words, describe (dinoscope_board_get_page (self, i)));
      differ = differ || !g_str_equal (words->pdata[i], words->pdata[0]);
    }
  return differ ? g_steal_pointer (&words) : NULL;
}

static void
append (GString *detail, const GPtrArray *words, guint index)
{
  const char *part = words != NULL ? words->pdata[index] : "";

  if (part[0] != '\0')
    g_string_append_printf (detail, "%s%s", detail->len > 0 ? "; " : "", part);
}

void
dinoscope_board_update_words (DinoscopeBoard *self)
{
  g_autoptr (GPtrArray) models = describe_all (self, dinoscope_page_describe_model);
  g_autoptr (GPtrArray) preparations = describe_all (self, dinoscope_page_describe_preparation);

  for (guint i = 0; i < self->cells->len; i++)
    {
      g_autoptr (GString) detail = g_string_new (NULL);

      append (detail, models, i);
      append (detail, preparations, i);
      dinoscope_cell_set_detail (dinoscope_board_get_cell (self, i), detail->len > 0 ? detail->str : NULL);
    }
}

static void
changed_cb (DinoscopePage *page, GParamSpec *pspec, DinoscopeCell *cell)
{
  dinoscope_board_update_words (DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell))));
}

/* The model may be another one when encoding begins. */
void
dinoscope_board_connect_words (DinoscopeBoard *self, DinoscopeCell *cell)
{
  static const char *const signals[] = { "notify::study", "notify::encoding" };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (dinoscope_cell_get_page (cell), signals[i], G_CALLBACK (changed_cb), cell, G_CONNECT_DEFAULT);
}
