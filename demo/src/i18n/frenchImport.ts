import type { CrmMessages } from './english';

export const frenchImport: CrmMessages['crm']['import'] = {
    requireEmailOrPhone: 'Ignorer les contacts sans adresse e-mail ni numéro de téléphone',
    createCompanies: 'Créer les entreprises des lignes qui ne nomment aucun contact',
    newsletter: 'Lettre d’information',

    tooLong: '%{field} : %{length} caractères, c’est trop, %{most} sont autorisés',
    missing: '%{field} : valeur manquante',
    notAnEmail: '%{field} : %{value} n’est pas une adresse e-mail',
    tooManyTags: '%{field} : plus de %{most}',
    tagTooLong: '%{field} : l’une d’elles dépasse %{most} caractères',
    notAStatus: '%{field} : %{value} ne figure pas parmi %{values}',
    neitherYesNorNo: '%{field} : %{value} n’est ni oui ni non',
    onlyCompany: 'Ignorée : elle nomme une entreprise, mais aucun contact',
    noEmailOrPhone: 'Ignorée : ni adresse e-mail ni numéro de téléphone',

    outcomeUnknown:
        'La connexion a été coupée avant la réponse du serveur. Vérifiez si le contact existe avant de l’importer à nouveau',
    noConnection: 'Pas de connexion au serveur : importez cette ligne à nouveau',
    notAccepted: '%{field} : la base de données refuse cette valeur',
    duplicate: 'Il en existe déjà un identique',
    deletedMeanwhile:
        'Son entreprise ou l’une de ses étiquettes a été supprimée entre-temps : importez cette ligne à nouveau',
    aValue: 'Une donnée',
    aValueNotAccepted: 'La base de données refuse l’une de ses valeurs',
    notOfKind: '« %{value} » n’est pas %{kind}',
    kindOf: {
        wholeNumber: 'un nombre entier',
        number: 'un nombre',
        yesOrNo: 'oui ou non',
        rowKey: 'une clé de ligne',
        other: 'une valeur du bon type',
    },
    numberTooLarge: 'Elle contient un nombre trop grand',
    textTooLong: 'Elle contient un texte trop long',
    badCharacter: 'Elle contient un caractère qui ne peut pas être enregistré',
    notAllowed: 'Vous n’avez pas le droit de créer des contacts',
    tooSlow: 'La base de données a mis trop de temps : importez cette ligne à nouveau plus tard',
    signedOut: 'Vous êtes déconnecté : connectez-vous et importez cette ligne à nouveau',
    tooLarge: 'Elle est trop volumineuse pour le serveur',
    tooBusy: 'Le serveur est trop occupé : importez cette ligne à nouveau plus tard',
    serverProblem: 'Le serveur a un problème (%{status}) : importez cette ligne à nouveau plus tard',
};
