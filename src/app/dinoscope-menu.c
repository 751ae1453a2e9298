#include "app/dinoscope-menu.h"

static void
clear_link (GMenuModel *menu, int item, const char *link)
{
  g_autoptr (GMenuModel) linked = g_menu_model_get_item_link (menu, item, link);

  if (linked != NULL)
    dinoscope_menu_clear (G_MENU (linked));
}

void
dinoscope_menu_clear (GMenu *menu)
{
  GMenuModel *model = G_MENU_MODEL (menu);

  for (int i = 0; i < g_menu_model_get_n_items (model); i++)
    {
      clear_link (model, i, G_MENU_LINK_SECTION);
      clear_link (model, i, G_MENU_LINK_SUBMENU);
    }
  g_menu_remove_all (menu);
}
