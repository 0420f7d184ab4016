"""Common French first and family names, and those that are taken for one another."""


def _names(written: str) -> list[str]:
    return written.split()


GIVEN = _names("""
Adrien Agnès Aïcha Alexandre Alexia Alice Amélie Anaïs André Angélique Antoine Arnaud Astrid Audrey Aurélie Axelle
Baptiste Béatrice Benjamin Benoît Bérénice Bernard Bertrand Brigitte Camille Capucine Caroline Catherine Cécile Cédric
Céline Chantal Charlotte Chloé Christelle Christian Christophe Claire Clément Clémence Colette Corinne Damien Daphné
David Delphine Denise Didier Dominique Édouard Éléonore Élodie Éloïse Émeline Émilie Emmanuel Éric Estelle Étienne
Eugénie Fabien Fabrice Fanny Fatima Félix Florence Florian François Françoise Gaël Geneviève Geoffrey Georges Gérard
Ghislain Gilles Grégoire Guillaume Guy Hélène Henri Hervé Hippolyte Hugo Inès Isabelle Jacques Jérémie Jérôme Joël
Joséphine Julien Juliette Karim Kévin Laëtitia Laurence Léa Léopold Loïc Lucie Ludovic Madeleine Maëlle Magali Manon
Marc Marguerite Marion Mathilde Maxime Mégane Mickaël Monique Nadège Nathalie Nicolas Noémie Océane Olivier Pascaline
Patrick Philippe Quentin Rachid Raphaëlle Régis Rémi René Romain Sabine Samuel Sandrine Sébastien Ségolène Solène
Sophie Stéphanie Suzanne Sylvain Sylvie Thérèse Théodore Thibault Thierry Valérie Véronique Victor Vincent Virginie
Xavier Yannick Yasmine Yves Zoé
""")

COMPOUND = _names("""
Jean-Pierre Jean-Paul Jean-Luc Jean-Marie Jean-François Jean-Baptiste Jean-Michel Jean-Claude Anne-Laure Anne-Sophie
Anne-Marie Marie-Claire Marie-Hélène Marie-Laure Marie-Christine Marie-Thérèse Pierre-Yves Pierre-Antoine Paul-Henri
Charles-Édouard Louis-Philippe Marc-Antoine Claire-Marie Rose-Marie
""")

FAMILY = _names("""
Allard Aubert Auger Bailly Barbier Baron Barthélemy Baudouin Bazin Bénard Benoît Berger Bertin Besnard Besson
Blanchard Blondel Bodin Boucher Boulanger Bourgeois Bouvier Boyer Breton Briand Brunet Buisson Carlier Caron Carré
Chauvin Chevalier Clément Colas Collet Colin Cordier Cousin Couturier Dauphin Delacroix Delaunay Delmas Denis Descamps
Devaux Didier Duchêne Dufour Dumas Dumoulin Dupuis Duval Étienne Évrard Fabre Faivre Ferrand Fleury Fontaine Forestier
Fournier Gaillard Garnier Gauthier Gérard Germain Gervais Gillet Girard Goncalves Grégoire Grondin Guérin Guichard
Guillet Hamel Hébert Henry Hoareau Hubert Huet Humbert Jacquet Jacquot Joly Jourdan Julien Klein Labbé Lacroix Lainé
Lambert Langlois Laporte Lasalle Lebrun Leclerc Lecomte Ledoux Lefort Léger Lelièvre Lemaître Lemoine Lenoir Leroux
Lévêque Loiseau Mace Maillard Mallet Marchal Maréchal Marty Masson Mathieu Mercier Métayer Meunier Michaud Millet
Monnier Moreau Morin Moulin Navarro Nguyen Nicolas Normand Olivier Ouédraogo Pages Paris Pasquier Payet Pelletier
Peltier Perrier Perrot Pichon Picard Pineau Poirier Pons Poulain Prévost Raynaud Regnier Rémy Renard Rey Rivière
Rocher Rodriguez Rolland Roussel Royer Salmon Sanchez Schmitt Schneider Sergent Tanguy Tessier Texier Thibault
Toussaint Traoré Vallée Vasseur Verdier Vidal Vincent Voisin Weber Wagner
""")

EITHER = _names("""
Martin Bernard Thomas Robert Richard Simon Laurent Michel David André Vincent Nicolas Olivier Denis Étienne Clément
Benoît Gérard Julien Grégoire Didier Thibault
""")

WITH_PARTICLE = _names("""
d'Aboville d'Alembert d'Estienne d'Harcourt d'Ormesson de-Brosses de-Castelnau de-Chambrun de-Gourcuff de-Kerangal
de-La-Tour de-La-Rochère de-Montgolfier de-Montalembert de-Rohan de-Saint-Exupéry de-Vasselot de-Villepin de-Vogüé
des-Forges du-Bellay du-Guesclin El-Amrani El-Khoury Ben-Amar Ben-Youssef La-Fontaine Le-Bihan Le-Gall Le-Goff Le-Guen
Le-Hénaff Le-Pape Le-Roux Le-Tallec von-Bergen von-Hahn van-den-Berghe Van-Damme di-Marco da-Costa
""")

SAINTS = _names("""
Saint-Aubin Saint-Clair Saint-Denis Saint-Hilaire Saint-Jean Saint-Laurent Saint-Martin Saint-Pierre Saint-Martory
Sainte-Croix Sainte-Marie Sainte-Rose Saint-Amand Saint-Cyr
""")

LIGATURED = _names("""
Lecœur Lebœuf Sacré-Cœur Bœuf Desœuvre Œuvrard Bellœil Mœglin Vœgelé Kœnig Bœhm Cœurderoy Schœn Hœrner
""")

NICKNAMES = _names("""
Alexandre:Alex Benjamin:Ben Christophe:Chris Frédéric:Fred Grégory:Greg Mathilde:Math Nathalie:Nath Nicolas:Nico
Patricia:Pat Philippe:Phil Sébastien:Seb Stéphane:Steph Valentin:Val Joséphine:Jo Édouard:Ed
""")

GIVEN_TAKEN_FOR = _names("""
Jean:Jeanne Michel:Michèle Frédéric:Frédérique Pascal:Pascale Noël:Noëlle André:Andrée Daniel:Danielle Marcel:Marcelle
René:Renée Louis:Louise Emmanuel:Emmanuelle Claude:Claudie Léo:Léa Marie:Maria Anne:Anna Julie:Julia Lucie:Lucile
Martin:Martine Denis:Denise Simon:Simone Yvan:Yvon Justin:Justine Valentin:Valentine Clément:Clémence Alexis:Alexia
Camille:Camilla Élise:Élisa Éva:Ève Mathis:Mathias Adrien:Adrienne Fabien:Fabienne Lucien:Lucienne Sylvain:Sylvaine
Christian:Christiane Aline:Alice Axel:Axelle Gabriel:Gabrielle Raphaël:Raphaëlle Paul:Paule Loris:Louis Yves:Yvette
Lian:Lina Mila:Mali Ana:Anna Célia:Cécile Jules:Julien Laure:Laura Marc:Marco Nathan:Nathanaël Romain:Romane Ali:Élie
""")

FAMILY_TAKEN_FOR = _names("""
Dupont:Dupond Durand:Durant Lefebvre:Lefèvre Meyer:Mayer Morel:Maurel Petit:Petitjean Leroy:Roy Legrand:Grand
Martin:Martinez Bernard:Besnard Roussel:Rousset Robin:Robert Richard:Ricard Girard:Giraud Garnier:Granier Roux:Leroux
Fontaine:Lafontaine Rousseau:Russo Blanc:Leblanc Guérin:Garin Boyer:Royer Gauthier:Gautier Perrin:Perrot
Clément:Clémenceau Masson:Maçon Marchand:Marchal Duval:Laval Denis:Denys Dumont:Dumond Marie:Mary Lemaire:Lemoine
Noël:Noëlle Renaud:Reynaud Picard:Piccard Brun:Lebrun Gaillard:Galliard Leclerc:Leclercq Aubert:Haubert Vidal:Vital
Benoît:Benoist Payet:Paillet Charpentier:Carpentier Moulin:Dumoulin Bois:Dubois Rolland:Roland Colin:Collin
Barre:Labarre Humbert:Imbert Guillot:Guillon Pons:Pont Pires:Perez Marin:Martin Rousel:Roussel Dias:Diaz Lopes:Lopez
""")
